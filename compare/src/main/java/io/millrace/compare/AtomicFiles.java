package io.millrace.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Files and folders that are there whole or not at all, whoever else writes them at the same time. */
public final class AtomicFiles {

    private AtomicFiles() {}

    public static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Path partial = partial(file);
        try {
            Files.writeString(partial, text);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /** A name beside {@code file} that nobody else uses. */
    static Path partial(Path file) {
        return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".partial");
    }
}
