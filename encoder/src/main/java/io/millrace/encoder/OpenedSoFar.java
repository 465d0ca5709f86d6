package io.millrace.encoder;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The resources that a constructor has opened so far. Closing it closes them, the newest first, unless they are {@linkplain #keep kept}.
 * So use it with try-with-resources, and keep them once all are open.
 */
public final class OpenedSoFar implements AutoCloseable {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Adds a resource, and returns it. */
    public <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Keeps the resources: all are open, and their owner closes them. */
    public void keep() {
        opened.clear();
    }

    @Override
    public void close() {
        @Nullable RuntimeException failed = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                IllegalStateException unclosed = new IllegalStateException("cannot close a resource: " + e, e);
                if (failed == null) {
                    failed = unclosed;
                } else {
                    failed.addSuppressed(unclosed);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
