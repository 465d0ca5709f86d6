package io.millrace.app.encoder.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Space on a disk. */
final class FreeSpace {

    private FreeSpace() {}

    /** Bytes that this process may still write into an existing directory. */
    static long of(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot ask for the free space of " + directory + ": " + e.getMessage(), e);
        }
    }
}
