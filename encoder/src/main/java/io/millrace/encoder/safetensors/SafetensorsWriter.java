package io.millrace.encoder.safetensors;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.json.Json;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Writes 32-bit float tensors as a safetensors file that Hugging Face loads. The same tensors give the same bytes. */
public final class SafetensorsWriter {

    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {}

    /** Writes {@code tensors} in their order to a new file and forces it to disk. */
    public static void write(Path file, Map<String, NDArray> tensors) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            write(channel, tensors);
            channel.force(true);
        }
    }

    /** Writes what a file with {@code tensors} would hold. */
    public static void write(WritableByteChannel channel, Map<String, NDArray> tensors) throws IOException {
        ObjectNode header = Json.mapper().createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        long offset = 0;
        for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F32");
            var shape = entry.putArray("shape");
            for (long size : tensor.getValue().getShape().getShape()) {
                shape.add(size);
            }
            long bytes = tensor.getValue().size() * Float.BYTES;
            entry.putArray("data_offsets").add(offset).add(offset + bytes);
            offset += bytes;
        }
        writeFully(channel, header(header));
        for (NDArray tensor : tensors.values()) {
            try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
                // On a GPU the array is copied here; the copy must not stay with the long-lived original.
                NDArray here = tensor.toDevice(Device.cpu(), false);
                if (here != tensor) {
                    here.attach(scope);
                }
                writeFully(channel, here.toByteBuffer(true));
            }
        }
    }

    private static ByteBuffer header(ObjectNode json) {
        byte[] text = Json.write(json).getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(text);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
