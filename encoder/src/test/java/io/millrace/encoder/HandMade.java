package io.millrace.encoder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.safetensors.TensorType;
import io.millrace.schemas.json.Json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Safetensors files put together byte by byte. */
public final class HandMade {

    private HandMade() {}

    /** A file of a header with its true length, and data. */
    public static byte[] file(String header, byte... data) {
        return file(header.getBytes(StandardCharsets.UTF_8).length, header, data);
    }

    /** A file that claims a header of {@code length} bytes. */
    public static byte[] file(long length, String header, byte... data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(text)
                .put(data)
                .array();
    }

    /** Little-endian 16-bit numbers. */
    public static byte[] shorts(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putShort((short) value);
        }
        return bytes.array();
    }

    /** Writes the tensors of a file again, in another number format and under other names. */
    public static void rewrite(Path file, TensorType type, UnaryOperator<String> name) throws IOException {
        ObjectNode header = Json.mapper().createObjectNode();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            for (String stored : tensors.entries().keySet()) {
                ObjectNode entry = header.putObject(name.apply(stored)).put("dtype", type.name());
                var shape = entry.putArray("shape");
                for (long size : tensors.entries().get(stored).shape()) {
                    shape.add(size);
                }
                int begin = data.size();
                data.writeBytes(narrow(tensors.floats(stored).asFloatBuffer(), type));
                entry.putArray("data_offsets").add(begin).add(data.size());
            }
        }
        Files.write(file, file(Json.write(header), data.toByteArray()));
    }

    private static byte[] narrow(FloatBuffer values, TensorType type) {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.remaining() * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (values.hasRemaining()) {
            float value = values.get();
            switch (type) {
                case F32 -> bytes.putFloat(value);
                case F16 -> bytes.putShort(half(value));
                case BF16 -> bytes.putShort((short) ((Float.floatToIntBits(value) + 0x8000) >>> 16));
                case I64 -> bytes.putLong((long) value);
            }
        }
        return bytes.array();
    }

    /** Rounds to the nearest binary16; what is too small for a normal one becomes 0. */
    private static short half(float value) {
        int rounded = Float.floatToIntBits(value) + 0x1000;
        int exponent = ((rounded >>> 23) & 0xff) - (127 - 15);
        int sign = (rounded >>> 16) & 0x8000;
        return (short) (exponent <= 0 ? sign : sign | (exponent << 10) | ((rounded >>> 13) & 0x3ff));
    }
}
