package io.millrace.app.encoder.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** A file that is being fetched. Its name has the hash, so that an interrupted download resumes with the same content only. */
final class PartFile implements AutoCloseable {

    private static final int HASH_DIGITS = 16;
    private static final int NO_SUCH_RANGE = 416;

    private final HubFile file;
    private final Path path;
    private final FileChannel channel;

    private PartFile(HubFile file, Path path, FileChannel channel) {
        this.file = file;
        this.path = path;
        this.channel = channel;
    }

    /** Where the bytes of a file are until all of them are there. */
    static Path path(Path directory, HubFile file) {
        return directory.resolve(file.name() + "." + file.hash().hex().substring(0, HASH_DIGITS) + ".part");
    }

    /** Opens it behind the bytes that are there already. */
    static PartFile open(Path directory, HubFile file) throws IOException {
        Path path = path(directory, file);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        try {
            requireLock(channel, path);
            if (channel.size() > file.bytes()) {
                channel.truncate(0);
            }
            channel.position(channel.size());
            return new PartFile(file, path, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void requireLock(FileChannel channel, Path path) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // Another thread of this process has it.
        }
        throw new DownloadException(path + " is being written by another download. Wait for it, or end it.");
    }

    /** How many bytes are there. */
    long bytes() {
        try {
            return channel.position();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    boolean isWhole() {
        return bytes() == file.bytes();
    }

    /** The headers that ask for the rest. */
    Map<String, String> headers() {
        return bytes() == 0 ? Map.of() : Map.of("Range", "bytes=" + bytes() + "-");
    }

    /** Takes the rest, or all of it from a server that knows no ranges. What is there is dropped if it gets another range. */
    BodySubscriber<Boolean> body(ResponseInfo answer) {
        int status = answer.statusCode();
        String range = "bytes " + bytes() + "-";
        boolean rest = status == 206
                && answer.headers().firstValue("Content-Range").orElse("").startsWith(range);
        if (status == 200 || status == NO_SUCH_RANGE || (status == 206 && !rest)) {
            restart();
        }
        return status == 200 || rest ? new BodyWriter(channel, file.bytes()) : new BodyDropper();
    }

    /** After an answer that there is no such range, the next attempt asks for all of the file. */
    static void requireRange(Trail.Answer answer) throws IOException {
        if (answer.status() == NO_SUCH_RANGE) {
            throw new IOException(answer.host() + " does not have the range that was asked for");
        }
    }

    private void restart() {
        try {
            channel.truncate(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path + ": " + e.getMessage(), e);
        }
    }

    /** Checks the hash, and gives the file its name. A file with another hash is deleted. */
    void finish(Path target) throws IOException {
        channel.force(true);
        if (!file.hash().matches(path)) {
            String html = isHtml() ? " It looks like HTML: does a proxy answer with a page of its own?" : "";
            Files.delete(path);
            throw new DownloadException(file.name() + " must have the "
                    + file.hash().kind() + " " + file.hash().hex()
                    + " that the hub states, got " + file.bytes() + " bytes with another, which were deleted." + html
                    + " Run the same command again.");
        }
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean isHtml() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return new String(in.readNBytes(64), StandardCharsets.ISO_8859_1)
                    .stripLeading()
                    .startsWith("<");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (Files.exists(path) && Files.size(path) == 0) {
            Files.delete(path);
        }
    }
}
