package io.millrace.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Writes files and folders so that they exist completely or not at all, even if other processes write them too. */
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

    /** A unique name in the folder of {@code file}. */
    static Path partial(Path file) {
        return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".partial");
    }
}
