package io.millrace.app.cli;

import io.millrace.app.encoder.EncoderInspection;
import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The text that an encoder is tried on, and where. */
final class SampleOptions {

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            defaultValue = "what is the weather like in oslo tomorrow",
            description = "A text to encode, for the number of its tokens and the time.")
    private String text;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto (the first GPU if there is one, else the CPU), cpu or cuda:N; default auto.")
    private String device;

    EncoderInspection inspection() {
        try {
            return new EncoderInspection(text, new Compute(device, Precision.F32));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
