package io.millrace.ingest;

import io.millrace.schemas.store.DirectoryTree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Removes the directories of partitions whose store is still empty. Kafka Streams marks a store with the
 * offset up to which its changelog is in it; where the changelog is empty there is no mark, so at the next start the store
 * looks as after a crash: it is wiped, which is right, and reported as corrupted, which is wrong. Without the directory
 * nothing is reported.
 */
final class UnusedMemory {

    /** A task of Kafka Streams: the part of the topology, and the partition. */
    private static final Pattern TASK = Pattern.compile("\\d+_(\\d+)");

    private UnusedMemory() {}

    /**
     * Removes them.
     *
     * @param stateDir of the application; no stream thread may run yet
     * @param store name of the store
     * @param empty partitions whose changelog is empty
     */
    static void remove(Path stateDir, String store, Set<Integer> empty) {
        if (!Files.isDirectory(stateDir)) {
            return;
        }
        try (Stream<Path> tasks = Files.list(stateDir)) {
            for (Path task : tasks.toList()) {
                Matcher name = TASK.matcher(task.getFileName().toString());
                if (name.matches()
                        && empty.contains(Integer.valueOf(name.group(1)))
                        && Files.isDirectory(task.resolve(store))) {
                    DirectoryTree.delete(task);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot clear " + stateDir + ": " + e.getMessage(), e);
        }
    }
}
