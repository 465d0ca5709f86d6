package io.millrace.encoder.safetensors;

import com.fasterxml.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * One tensor of a safetensors header.
 *
 * @param type number format
 * @param shape sizes of its dimensions
 * @param begin first byte, counted from the end of the header
 * @param bytes how many bytes
 */
public record TensorEntry(TensorType type, long[] shape, long begin, long bytes) {

    /** Reads and checks one header entry. */
    static TensorEntry of(Path file, String name, JsonNode json, long dataBytes) {
        TensorType type = TensorType.of(json.path("dtype").asText())
                .orElseThrow(() -> new MalformedSafetensorsException(
                        file,
                        name + " in " + Arrays.toString(TensorType.values()),
                        json.path("dtype").toString()));
        long[] shape = wholeNumbers(file, name, json.path("shape"));
        long[] offsets = wholeNumbers(file, name, json.path("data_offsets"));
        if (offsets.length != 2 || offsets[1] < offsets[0] || offsets[1] > dataBytes) {
            throw new MalformedSafetensorsException(
                    file, name + " at offsets within 0 and " + dataBytes, Arrays.toString(offsets));
        }
        long bytes = type.bytes();
        try {
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
        } catch (ArithmeticException e) {
            throw new MalformedSafetensorsException(file, name + " with a size that fits", Arrays.toString(shape));
        }
        if (bytes != offsets[1] - offsets[0]) {
            throw new MalformedSafetensorsException(
                    file,
                    name + " " + Arrays.toString(shape) + " in " + bytes + " bytes",
                    (offsets[1] - offsets[0]) + " bytes");
        }
        return new TensorEntry(type, shape, offsets[0], bytes);
    }

    private static long[] wholeNumbers(Path file, String name, JsonNode json) {
        if (!json.isArray()) {
            throw new MalformedSafetensorsException(file, name + " with shape and data_offsets", json.toString());
        }
        long[] numbers = new long[json.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode number = json.get(i);
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                throw new MalformedSafetensorsException(file, name + " with whole numbers", json.toString());
            }
            numbers[i] = number.longValue();
        }
        return numbers;
    }
}
