package io.millrace.encoder;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The resources opened so far by an object that owns several. Unless it is {@linkplain #keep kept}, because the rest could not be
 * opened, closing it closes all of it, the newest first. Use it with try-with-resources.
 */
public final class OpenedSoFar implements AutoCloseable {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Takes charge of a resource, and gives it back. */
    public <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Everything is open: the resources are their owner's now. */
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
