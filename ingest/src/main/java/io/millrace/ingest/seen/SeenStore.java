package io.millrace.ingest.seen;

import io.millrace.ingest.seen.SeenSegment.Seen;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

/**
 * The store of {@link SeenExamples}: ids and contents, by their fingerprints. New entries are kept in memory until some thousand have come or
 * Kafka Streams commits. Then they go to the changelog as one record, and to the disk as one write, on a thread of its own: a record per
 * entry, as the stores of Kafka Streams write, cost more than everything else that ingest does with an example. A commit does not wait for the
 * disk, because the changelog has everything.
 *
 * <p>Kafka Streams has no public way to write a changelog, or to be told of a commit before it happens. So this uses what its own stores with a
 * cache use: {@link CachedStateStore#flushCache} is called within the transaction, before the offsets are sent. With exactly-once, a
 * state directory that was not closed after its last commit is wiped and restored from the changelog.
 */
public final class SeenStore implements StateStore, CachedStateStore<byte[], byte[]> {

    private final String name;
    private final long windowMs;
    private final boolean isLogged;
    private final Fingerprints fingerprints = new Fingerprints();
    private final SeenBatch batch = new SeenBatch();
    private Map<Fingerprint, Seen> unwritten = new HashMap<>();

    /** On its way to the disk; nobody changes it. */
    private Map<Fingerprint, Seen> beingWritten = Map.of();

    private Future<?> writing = CompletableFuture.completedFuture(null);
    // Kafka Streams calls init before anything else.
    @SuppressWarnings("NullAway.Init")
    private SeenSegments segments;

    @SuppressWarnings("NullAway.Init")
    private ExecutorService writer;

    private @Nullable InternalProcessorContext<?, ?> changelog;
    private long newestMs;
    private boolean isOpen;

    SeenStore(String name, long windowMs, boolean isLogged) {
        this.name = name;
        this.windowMs = windowMs;
        this.isLogged = isLogged;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        // A store is used again after its task was found corrupted: what its transaction left is void.
        batch.clear();
        unwritten = new HashMap<>();
        beingWritten = Map.of();
        writing = CompletableFuture.completedFuture(null);
        writer = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "millrace-" + name + "-" + context.taskId());
            thread.setDaemon(true);
            return thread;
        });
        segments = new SeenSegments(name, context.stateDir().toPath().resolve(name), context.appConfigs(), windowMs);
        newestMs = segments.newestMs();
        if (isLogged) {
            changelog = (InternalProcessorContext<?, ?>) context;
        }
        context.register(root, new Restoring());
        isOpen = true;
    }

    /** The newest date of all entries; 0 without any. */
    long newestMs() {
        return newestMs;
    }

    /** The newest entry with this fingerprint. */
    @Nullable
    Seen find(Fingerprint key) {
        Seen seen = unwritten.get(key);
        if (seen == null) {
            seen = beingWritten.get(key);
        }
        return seen == null ? segments.find(key) : seen;
    }

    /** Remembers an id with its content, and, if {@code isNewContent}, also the content. Dates are never older than {@link #newestMs}. */
    void put(Fingerprint id, Fingerprint content, boolean isNewContent, long dateMs) {
        newestMs = dateMs;
        unwritten.put(id, new Seen(dateMs, content));
        if (isNewContent) {
            unwritten.put(content, new Seen(dateMs, null));
        }
        batch.add(id, content, isNewContent, dateMs);
        if (batch.isFull()) {
            flushCache();
        }
    }

    /** What is on disk now. */
    Deque<SeenSegment> segments() {
        return segments.all();
    }

    /** Reads some of one of these, see {@link SeenSegment#read}. */
    int read(SeenSegment segment, int count, BiConsumer<Fingerprint, Long> consumer) {
        return segments.read(segment, count, consumer);
    }

    @Override
    public void flushCache() {
        if (batch.isEmpty()) {
            return;
        }
        if (changelog != null) {
            changelog.logChange(
                    name,
                    batch.key(),
                    batch.value(),
                    changelog.currentSystemTimeMs(),
                    new RecordHeaders(),
                    Position.emptyPosition());
        }
        batch.clear();
        awaitWritten();
        Map<Fingerprint, Seen> entries = unwritten;
        beingWritten = entries;
        unwritten = new HashMap<>();
        writing = writer.submit(() -> {
            List<Fingerprint> keys = new ArrayList<>(entries.keySet());
            Collections.sort(keys);
            for (Fingerprint key : keys) {
                Seen seen = Objects.requireNonNull(entries.get(key), name);
                segments.add(key, seen.dateMs(), seen.content());
            }
            segments.write();
        });
    }

    private void awaitWritten() {
        try {
            writing.get();
        } catch (InterruptedException e) {
            // A database must not be closed while it is written to.
            awaitWritten();
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new ProcessorStateException("store " + name + " cannot write to the disk: " + e.getMessage(), e);
        }
    }

    /** Nothing is forced to the disk before {@link #close}, because no offset is noted before that. */
    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        flushCache();
        awaitWritten();
    }

    /** Nothing follows it. */
    @Override
    public boolean setFlushListener(CacheFlushListener<byte[], byte[]> listener, boolean sendOldValues) {
        return false;
    }

    /** What is not written yet is in no other place. */
    @Override
    public void clearCache() {
        throw new UnsupportedOperationException("store " + name + " cannot forget what it has not written yet");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean persistent() {
        return true;
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    @Override
    public void close() {
        if (isOpen) {
            isOpen = false;
            writer.shutdown();
            try {
                awaitWritten();
                segments.flush();
            } finally {
                segments.close();
            }
        }
    }

    private final class Restoring implements BatchingStateRestoreCallback {

        private int added;

        @Override
        public void restoreAll(Collection<KeyValue<byte[], byte[]>> records) {
            for (KeyValue<byte[], byte[]> record : records) {
                SeenBatch.read(record.key, record.value, fingerprints, this::restore);
                // What is not written yet takes memory.
                if (added >= SeenBatch.MAX_ENTRIES) {
                    write();
                }
            }
            write();
            newestMs = segments.newestMs();
        }

        private void write() {
            segments.write();
            added = 0;
        }

        private void restore(SeenBatch.Entry entry) {
            added++;
            if (entry.id() != null) {
                segments.add(entry.id(), entry.dateMs(), entry.content());
            }
            if (entry.isNewContent()) {
                segments.add(entry.content(), entry.dateMs(), null);
            }
        }
    }
}
