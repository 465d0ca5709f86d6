package io.millrace.encoder;

import java.util.regex.Pattern;

/**
 * Where and how the arithmetic runs.
 *
 * @param device {@code auto} (the first GPU if there is one, else the CPU), {@code cpu} or {@code cuda:N}; default auto
 * @param precision number format of the arithmetic; default bf16
 */
public record Compute(String device, Precision precision) {

    private static final Pattern DEVICE = Pattern.compile("auto|cpu|cuda:\\d{1,2}");

    /** The first GPU if there is one, else the CPU, in bf16. */
    public static Compute defaults() {
        return new Compute("auto", Precision.BF16);
    }

    public Compute {
        device = device == null ? "auto" : device;
        precision = precision == null ? Precision.BF16 : precision;
        if (!DEVICE.matcher(device).matches()) {
            throw new IllegalArgumentException("compute.device must be auto, cpu or cuda:N, got \"" + device + "\"");
        }
    }
}
