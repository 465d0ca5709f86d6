package io.millrace.ingest.seen;

import io.millrace.ingest.seen.SeenSegment.Seen;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Deque;
import java.util.Optional;

/**
 * The ids and contents seen within the window. An entry is dated when it is added, and what was added long ago is dropped in stretches of half
 * a window, so that the store holds about one and a half windows of traffic. Its changelog restores it on another machine or after a crash.
 *
 * <p>Its time never moves back. After a clock was set back, entries get the newest date until the clock has caught up.
 *
 * <p>A {@link SeenFilter} spares most searches. It is in memory only: what a store holds at the start is read into it by and by, with {@link
 * #learn}, and until then the store is asked for everything.
 */
public final class SeenExamples {

    public static final String STORE = "seen-examples";

    private final SeenStore store;
    private final SeenFilter filter;
    private final long windowMs;
    private final Deque<SeenSegment> unlearnt;

    public SeenExamples(SeenStore store, Duration window) {
        this.store = store;
        this.windowMs = window.toMillis();
        this.filter = new SeenFilter(windowMs);
        this.unlearnt = store.segments();
    }

    public static StoreBuilder<SeenStore> store(Duration window) {
        return new SeenStoreBuilder(STORE, window);
    }

    /** The time at which something was remembered last; 0 if nothing was. */
    public long newestMs() {
        return store.newestMs();
    }

    /**
     * Reads some of what the store held at the start into the filter.
     *
     * @param entries at most so many
     * @return whether there is more
     */
    public boolean learn(int entries) {
        int left = entries;
        while (left > 0 && !unlearnt.isEmpty()) {
            int read = store.read(unlearnt.element(), left, (key, dateMs) -> filter.add(key, dateMs, store.newestMs()));
            if (read < left) {
                unlearnt.remove();
            }
            left -= read;
        }
        return !unlearnt.isEmpty();
    }

    /** The content with which this id was seen less than a window before {@code nowMs}. */
    public Optional<Fingerprint> contentOf(Fingerprint id, long nowMs) {
        return Optional.ofNullable(find(id, nowMs)).map(Seen::content);
    }

    /** Whether this content was seen less than a window before {@code nowMs}. */
    public boolean holdsContent(Fingerprint content, long nowMs) {
        return find(content, nowMs) != null;
    }

    /** Remembers an id with its content; {@code isNewContent}: the content from now on, too. */
    public void remember(Fingerprint id, Fingerprint content, boolean isNewContent, long nowMs) {
        long dateMs = Math.max(store.newestMs(), nowMs);
        store.put(id, content, isNewContent, dateMs);
        filter.add(id, dateMs, dateMs);
        if (isNewContent) {
            filter.add(content, dateMs, dateMs);
        }
    }

    private @Nullable Seen find(Fingerprint key, long nowMs) {
        if (unlearnt.isEmpty() && !filter.mayHold(key)) {
            return null;
        }
        Seen seen = store.find(key);
        // Open to the right: a clock that was set back must not hide what came before.
        return seen == null || seen.dateMs() <= nowMs - windowMs ? null : seen;
    }
}
