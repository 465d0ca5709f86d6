package io.millrace.trainer.checkpoint;

import io.millrace.schemas.store.AtomicFile;
import io.millrace.schemas.store.DirectoryTree;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A directory that is being written, under a unique name. Its writer holds a lock on the file {@value #OWNER} in it. The lock ends with
 * the process, which distinguishes the directory from one that a killed writer left behind.
 */
final class TemporaryDirectory implements AutoCloseable {

    static final String PREFIX = AtomicFile.TEMPORARY_PREFIX;

    private static final String OWNER = ".owner";

    /** Without locks: a directory that has not changed for this long has no writer. */
    private static final Duration LEFT_BEHIND = Duration.ofHours(1);

    private final Path path;
    private final FileChannel owner;

    private TemporaryDirectory(Path path, FileChannel owner) {
        this.path = path;
        this.owner = owner;
    }

    /** Creates one in {@code parent}. */
    static TemporaryDirectory create(Path parent, String purpose) throws IOException {
        Path path = Files.createDirectories(parent.resolve(nameFor(purpose)));
        FileChannel owner =
                FileChannel.open(path.resolve(OWNER), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            owner.lock();
        } catch (IOException e) {
            // This file system has no locks: the age decides.
            owner.close();
            Files.delete(path.resolve(OWNER));
        }
        return new TemporaryDirectory(path, owner);
    }

    /** A unique name for something that readers must not see. */
    static String nameFor(String purpose) {
        return PREFIX + purpose + "-" + UUID.randomUUID();
    }

    Path path() {
        return path;
    }

    /** Ends the ownership, so that the directory holds nothing but what was written into it. */
    void release() throws IOException {
        owner.close();
        Files.deleteIfExists(path.resolve(OWNER));
    }

    /** Deletes it, unless it has been moved away. */
    @Override
    public void close() throws IOException {
        owner.close();
        DirectoryTree.delete(path);
    }

    /** Whether such a directory has no writer any more. */
    static boolean isLeftBehind(Path directory) throws IOException {
        if (!Files.exists(directory.resolve(OWNER))) {
            return newestChange(directory).toInstant().isBefore(Instant.now().minus(LEFT_BEHIND));
        }
        try (FileChannel channel = FileChannel.open(directory.resolve(OWNER), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (NoSuchFileException e) {
            // Its writer has just released it.
            return false;
        }
    }

    private static FileTime newestChange(Path directory) throws IOException {
        FileTime newest = FileTime.fromMillis(0);
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.toList()) {
                FileTime changed = Files.getLastModifiedTime(path);
                newest = changed.compareTo(newest) > 0 ? changed : newest;
            }
        }
        return newest;
    }
}
