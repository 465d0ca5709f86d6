package io.millrace.app.config;

import java.nio.file.Path;

/**
 * Where a process with its own broker keeps everything. Started on the same directory again, it resumes where it was
 * stopped or killed.
 *
 * @param root the directory
 */
public record DataDirectory(Path root) {

    public DataDirectory {
        root = root.toAbsolutePath().normalize();
    }

    /** The embedded broker: every topic. */
    public Path broker() {
        return root.resolve("broker");
    }

    /** The state stores of ingest. */
    public Path streams() {
        return root.resolve("streams");
    }

    /** Checkpoints and published models. */
    public Path store() {
        return root.resolve("store");
    }

    /** The log of the process. */
    public Path logFile() {
        return root.resolve("logs").resolve("millrace.log");
    }
}
