package io.millrace.app.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that gets new content for every input.
 *
 * @param path where it lies
 */
public record ScratchFile(Path path) {

    /** Some file systems flush a file that was emptied first, which takes a hundred times as long. */
    public void write(byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            channel.write(ByteBuffer.wrap(content));
            channel.truncate(content.length);
        }
    }
}
