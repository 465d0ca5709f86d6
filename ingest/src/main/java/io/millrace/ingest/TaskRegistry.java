package io.millrace.ingest;

import io.millrace.schemas.Task;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tasks that this process knows, found by the key of a record. */
final class TaskRegistry {

    private final Map<String, Task> tasks;

    /** Most records have the key of the one before. Threads may overwrite each other's. */
    private volatile Found last = new Found(new byte[0], Optional.empty());

    private record Found(byte[] key, Optional<Task> task) {}

    TaskRegistry(List<Task> tasks) {
        Map<String, Task> byName = new LinkedHashMap<>();
        for (Task task : tasks) {
            if (byName.put(task.name(), task) != null) {
                throw new IllegalArgumentException(
                        "tasks: expected every name once, got \"" + task.name() + "\" twice. Rename one of them.");
            }
        }
        this.tasks = Collections.unmodifiableMap(byName);
    }

    /** The task whose name is this key in UTF-8; none for any other key and for no key. */
    Optional<Task> find(byte @Nullable [] key) {
        if (key == null) {
            return Optional.empty();
        }
        Found before = last;
        if (Arrays.equals(before.key(), key)) {
            return before.task();
        }
        // A malformed sequence decodes to U+FFFD, which no task's name holds.
        Found found = new Found(key, Optional.ofNullable(tasks.get(name(key))));
        if (found.task().isPresent()) {
            last = found;
        }
        return found.task();
    }

    /** The name of the task that this key of an accepted example names. */
    static String name(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    /** Every task, in the order of the configuration. */
    Collection<Task> all() {
        return tasks.values();
    }
}
