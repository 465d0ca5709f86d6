package io.millrace.app.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.safetensors.MalformedSafetensorsException;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.safetensors.TensorEntry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A file of weights: its header, and every tensor in it. */
final class SafetensorsTarget implements FuzzTarget {

    private final ScratchFile scratch;
    private final Path file;

    /** Of files in {@code directory}. */
    SafetensorsTarget(Path directory) {
        scratch = new ScratchFile(directory.resolve("model.safetensors"));
        file = scratch.path();
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                seed("{}", 0),
                seed("{\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}", 8),
                seed(
                        "{\"__metadata__\":{\"format\":\"pt\"},"
                                + "\"a\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]},"
                                + "\"empty\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[6,6]},"
                                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[6,8]},"
                                + "\"c\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[8,16]}}",
                        16));
    }

    @Override
    public boolean accepts(byte[] input) throws IOException {
        scratch.write(withLengthOfHeader(input));
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            for (Map.Entry<String, TensorEntry> entry : tensors.entries().entrySet()) {
                TensorEntry tensor = entry.getValue();
                assertThat((long) tensors.floats(entry.getKey()).remaining())
                        .isEqualTo(tensor.bytes() / tensor.type().bytes() * Float.BYTES);
            }
            return true;
        } catch (MalformedSafetensorsException e) {
            assertThat(e).hasMessageStartingWith(file + " is not a usable safetensors file: expected ");
            assertThat(e.getMessage())
                    .hasSizeLessThan(file.toString().length() + 1000)
                    .doesNotContainPattern(DECEPTIVE);
            return false;
        }
    }

    /** Most inputs would end at a wrong length, so where a header shows its end, the length is put right. */
    private static byte[] withLengthOfHeader(byte[] input) {
        if (input.length <= Long.BYTES || input[0] != 0) {
            return input;
        }
        int end = new String(input, StandardCharsets.ISO_8859_1).lastIndexOf('}') + 1;
        byte[] file = input.clone();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(Math.max(0, end - Long.BYTES));
        return file;
    }

    private static byte[] seed(String header, int dataBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[Long.BYTES]);
        out.writeBytes(header.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[dataBytes]);
        return out.toByteArray();
    }
}
