package io.millrace.evaluator.models;

import io.millrace.schemas.store.DirectoryTree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The directories below {@code <task>/models}. A name with a leading dot is work in progress and not a model. */
final class ModelDirectories {

    private ModelDirectories() {}

    /** A unique hidden name next to {@code model}, which no other evaluator uses. */
    static Path unused(Path model, String purpose) {
        return model.resolveSibling("." + purpose + "-" + UUID.randomUUID());
    }

    static boolean isHidden(Path directory) {
        return directory.getFileName().toString().startsWith(".");
    }

    static List<Path> list(Path models) throws IOException {
        if (!Files.isDirectory(models)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(models)) {
            return entries.sorted().toList();
        }
    }

    /** Deletes a directory and its content. It is renamed first, so that nobody reads part of a model. */
    static void delete(Path directory) throws IOException {
        Path doomed = unused(directory, "deleted");
        Files.move(directory, doomed, StandardCopyOption.ATOMIC_MOVE);
        DirectoryTree.delete(doomed);
    }
}
