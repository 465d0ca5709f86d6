package io.millrace.schemas.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Writes a file so that readers see it whole or not at all, even if several processes write it. The bytes go to a hidden file of a unique
 * name in the same directory, which is then renamed. Nothing is forced to disk: after a power cut the file may be the former one, or torn.
 * A process that is killed while it writes leaves the hidden file behind, see {@link #deleteLeftovers}.
 */
public final class AtomicFile {

    /** Start of the name of everything that is still being written. */
    public static final String TEMPORARY_PREFIX = ".tmp-";

    private AtomicFile() {}

    private interface Content {
        void writeTo(Path temporary) throws IOException;
    }

    /** Writes a text in UTF-8, and replaces the file that is there. Creates missing directories. */
    public static void write(Path file, String text) throws IOException {
        write(file, temporary -> Files.writeString(temporary, text));
    }

    /** As {@link #write(Path, String)}, with all bytes of {@code in}, which is not closed. */
    public static void write(Path file, InputStream in) throws IOException {
        write(file, temporary -> Files.copy(in, temporary));
    }

    /**
     * Deletes what killed processes have left in a directory, if it is there. Call it only where no other process writes at the same time.
     */
    public static void deleteLeftovers(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, TEMPORARY_PREFIX + "*")) {
            for (Path leftover : leftovers) {
                DirectoryTree.delete(leftover);
            }
        }
    }

    private static void write(Path file, Content content) throws IOException {
        Files.createDirectories(file.getParent());
        Path temporary = temporary(file);
        try {
            content.writeTo(temporary);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * A unique hidden name beside {@code target}, for a file or a directory that becomes {@code target} when it is whole. Nothing is
     * created.
     */
    public static Path temporary(Path target) {
        return target.resolveSibling(TEMPORARY_PREFIX + target.getFileName() + "-" + UUID.randomUUID());
    }
}
