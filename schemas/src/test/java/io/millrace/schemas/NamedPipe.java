package io.millrace.schemas;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a shell makes of {@code <(...)}: a path that can be read once, and has no size. */
public final class NamedPipe {

    private NamedPipe() {}

    /** Makes a pipe that gives {@code content} to the first who opens it. */
    public static Path holding(Path path, String content) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("mkfifo", path.toString()).start().waitFor();
        if (exitCode != 0) {
            throw new IOException("mkfifo " + path + " failed with " + exitCode);
        }
        Thread writer = new Thread(
                () -> {
                    try {
                        Files.write(path, content.getBytes(StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        // The reader has gone: it says itself what it has missed.
                    }
                },
                "pipe-writer");
        writer.setDaemon(true);
        writer.start();
        return path;
    }
}
