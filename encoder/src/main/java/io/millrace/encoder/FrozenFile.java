package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.AtomicFile;
import io.millrace.schemas.store.DirectoryTree;
import io.millrace.schemas.store.FrozenWeights;
import io.millrace.schemas.store.Sha256;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;

/** Stores the weights that stay as they are once for all checkpoints of a task. */
final class FrozenFile {

    private FrozenFile() {}

    /** The hash and the size that a file with these weights has. */
    static FrozenWeights of(Map<String, NDArray> weights) {
        try (Hashed hashed = new Hashed()) {
            SafetensorsWriter.write(hashed, weights);
            return new FrozenWeights(HexFormat.of().formatHex(hashed.digest.digest()), hashed.bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot hash the frozen weights: " + e.getMessage(), e);
        }
    }

    /**
     * Stores them beside a checkpoint, unless they are there: a directory that transformers reads. Readers see all of it or nothing.
     *
     * @param checkpoint the directory of the checkpoint
     * @param weights what has the hash {@code frozen}
     * @param config its head is that of the task
     */
    static void store(Path checkpoint, FrozenWeights frozen, Map<String, NDArray> weights, EncoderConfig config)
            throws IOException {
        Path target = frozen.beside(checkpoint);
        if (Files.isDirectory(target)) {
            return;
        }
        Path temporary = Files.createDirectories(AtomicFile.temporary(target));
        try {
            Path file = temporary.resolve(FrozenWeights.WEIGHTS);
            SafetensorsWriter.write(file, weights);
            if (!Sha256.of(file).equals(frozen.sha256())) {
                throw new IOException(
                        target + " is missing, and the frozen weights in memory are others. Restore it from"
                                + " where the checkpoint came");
            }
            Json.mapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(temporary.resolve(EncoderConfig.FILE_NAME).toFile(), config.json());
            force(temporary.resolve(EncoderConfig.FILE_NAME));
            force(temporary);
            move(temporary, target);
        } finally {
            if (Files.exists(temporary)) {
                DirectoryTree.delete(temporary);
            }
        }
    }

    private static void move(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Another process that trains the same task was faster.
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
        Path parent = target.getParent();
        if (parent != null) {
            force(parent);
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Takes bytes and keeps their hash alone. */
    private static final class Hashed implements WritableByteChannel {
        private final MessageDigest digest = Sha256.digest();
        private long bytes;

        @Override
        public int write(ByteBuffer source) {
            int taken = source.remaining();
            digest.update(source);
            bytes += taken;
            return taken;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
