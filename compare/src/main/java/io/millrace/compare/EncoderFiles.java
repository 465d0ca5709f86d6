package io.millrace.compare;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.store.AtomicFile;
import io.millrace.schemas.store.Sha256;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Hashes of encoders; each encoder is read once. */
final class EncoderFiles {

    private final Map<Path, String> hashes = new HashMap<>();

    /** Hash of the names and bytes of all files of the checkpoint in {@code directory}. */
    String sha256(Path directory) throws IOException {
        String known = hashes.get(directory);
        if (known == null) {
            known = hash(directory);
            hashes.put(directory, known);
        }
        return known;
    }

    private static String hash(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new ConfigException("encoder must be the directory of a Hugging Face checkpoint, got " + directory
                    + ", which is not a directory");
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory)) {
            files.addAll(all.filter(file -> Files.isRegularFile(file) && isWhole(file))
                    .sorted()
                    .toList());
        }
        // An adapter needs the weights of its encoder, too.
        EncoderCheckpoint.weightFiles(directory).stream()
                .filter(file -> !files.contains(file))
                .forEach(files::add);
        StringBuilder hashes = new StringBuilder();
        for (Path file : files) {
            hashes.append(file.getFileName())
                    .append(' ')
                    .append(Sha256.of(file))
                    .append('\n');
        }
        return Sha256.of(hashes.toString());
    }

    /** Earlier versions gave what they were writing the suffix. */
    private static boolean isWhole(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(AtomicFile.TEMPORARY_PREFIX) && !name.endsWith(".partial");
    }
}
