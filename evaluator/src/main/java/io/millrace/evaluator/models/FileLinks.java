package io.millrace.evaluator.models;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Puts a file in a second place with a hard link, or with a copy if the file system has no links. */
final class FileLinks {

    private final Link link;

    FileLinks(Link link) {
        this.link = link;
    }

    /** Makes {@code link} a second name of {@code existing}, as {@link Files#createLink} does. */
    @FunctionalInterface
    interface Link {
        void create(Path link, Path existing) throws IOException;
    }

    /**
     * Also puts {@code existing} at {@code target}, durably.
     *
     * @throws NoSuchFileException if {@code existing} is not there
     */
    void put(Path existing, Path target) throws IOException {
        try {
            link.create(target, existing);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // No links here, not across file systems, or too many already: a copy has the same bytes.
            Files.copy(existing, target);
        }
        force(target);
    }

    /** Makes a file, or the entries of a directory, durable. */
    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
