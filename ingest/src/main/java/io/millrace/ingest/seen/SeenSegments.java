package io.millrace.ingest.seen;

import io.millrace.ingest.seen.SeenSegment.Seen;
import org.jspecify.annotations.Nullable;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;

/**
 * Everything that is remembered on disk: a segment per half window, at least a minute, of which those older than the window are deleted. One
 * thread may write while another reads.
 */
final class SeenSegments implements AutoCloseable {

    private static final long MIN_SEGMENT_MS = 60_000;

    private final String store;
    private final Path directory;
    private final Map<String, Object> configs;
    private final long windowMs;
    private final long segmentMs;
    private final ConcurrentSkipListMap<Long, SeenSegment> segments = new ConcurrentSkipListMap<>();

    /** Nobody reads a segment while it is closed. */
    private final ReadWriteLock closing = new ReentrantReadWriteLock();

    private long newestMs;

    /** Opens what is in {@code directory}. */
    SeenSegments(String store, Path directory, Map<String, Object> configs, long windowMs) {
        this.store = store;
        this.directory = directory;
        this.configs = configs;
        this.windowMs = windowMs;
        this.segmentMs = Math.max(windowMs / 2, MIN_SEGMENT_MS);
        for (String name : Optional.ofNullable(directory.toFile().list()).orElse(new String[0])) {
            if (name.matches("\\d{1,18}") && new File(directory.toFile(), name).isDirectory()) {
                open(Long.parseLong(name));
            }
        }
        segments.values().forEach(segment -> newestMs = Math.max(newestMs, segment.newestMs()));
    }

    /** The newest date of all entries; 0 without any. */
    long newestMs() {
        return newestMs;
    }

    /** Adds an entry to what {@link #write} writes, unless it is older than the window. {@code content}: of an id. */
    void add(Fingerprint key, long dateMs, @Nullable Fingerprint content) {
        newestMs = Math.max(newestMs, dateMs);
        long id = dateMs / segmentMs;
        if (id >= oldest()) {
            open(id).add(key, dateMs, content);
        }
    }

    /** Writes what was added, and forgets what has become too old. */
    void write() {
        segments.values().forEach(segment -> segment.write(newestMs));
        Map<Long, SeenSegment> old = segments.headMap(oldest());
        if (!old.isEmpty()) {
            closing.writeLock().lock();
            try {
                old.values().forEach(SeenSegment::delete);
                old.clear();
            } finally {
                closing.writeLock().unlock();
            }
        }
    }

    /** The newest entry with this key. */
    @Nullable
    Seen find(Fingerprint key) {
        closing.readLock().lock();
        try {
            for (SeenSegment segment : segments.descendingMap().values()) {
                Seen seen = segment.find(key);
                if (seen != null) {
                    return seen;
                }
            }
            return null;
        } finally {
            closing.readLock().unlock();
        }
    }

    /** The segments as they are now. */
    Deque<SeenSegment> all() {
        return new ArrayDeque<>(segments.values());
    }

    /** Reads some of one of them, see {@link SeenSegment#read}. */
    int read(SeenSegment segment, int count, BiConsumer<Fingerprint, Long> consumer) {
        closing.readLock().lock();
        try {
            return segment.read(count, consumer);
        } finally {
            closing.readLock().unlock();
        }
    }

    void flush() {
        segments.values().forEach(SeenSegment::flush);
    }

    @Override
    public void close() {
        segments.values().forEach(SeenSegment::close);
        segments.clear();
    }

    private SeenSegment open(long id) {
        return segments.computeIfAbsent(
                id, none -> new SeenSegment(store, directory.resolve(Long.toString(id)), configs));
    }

    private long oldest() {
        return (newestMs - windowMs) / segmentMs;
    }
}
