package io.millrace.evaluator.models;

import io.millrace.schemas.store.DirectoryTree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The directories below {@code <task>/models}. Names with a leading dot are work in progress and nobody's model. */
final class ModelDirectories {

    private ModelDirectories() {}

    /** A fresh name beside the models that no other evaluator takes. */
    static Path unused(Path models, String purpose) {
        return models.resolve("." + purpose + "-" + UUID.randomUUID());
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

    /** Deletes a directory and what is in it. It gets another name first, so that nobody reads a part of a model. */
    static void delete(Path directory) throws IOException {
        Path doomed = unused(directory.getParent(), "deleted");
        Files.move(directory, doomed, StandardCopyOption.ATOMIC_MOVE);
        DirectoryTree.delete(doomed);
    }
}
