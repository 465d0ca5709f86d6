package io.millrace.ingest.seen;

import io.millrace.schemas.store.DirectoryTree;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What was remembered in one stretch of time: a RocksDB of its own, so that it is forgotten by deleting its directory. The key is a
 * fingerprint, the value a date and, of an id, the fingerprint of its content. Writes are on disk after {@link #flush}; before
 * that, the changelog has them.
 */
final class SeenSegment implements AutoCloseable {

    private static final int MEMTABLE_BYTES = 16 << 20;
    private static final int MEMTABLES = 3;
    private static final int BLOCK_BYTES = 4096;

    /** Under it is the newest date; it is no fingerprint. */
    private static final byte[] NEWEST = {0};

    private final String store;
    private final Path directory;
    private final Options options = new Options();
    private final BloomFilter filter = new BloomFilter();
    private final WriteOptions writing = new WriteOptions().setDisableWAL(true);
    private final FlushOptions flushing = new FlushOptions().setWaitForFlush(true);
    private final WriteBatch batch = new WriteBatch();
    private final ByteBuffer seen = ByteBuffer.allocate(Long.BYTES + Fingerprint.BYTES);
    private final @Nullable RocksDBConfigSetter setter;
    private final RocksDB database;
    private @Nullable RocksIterator unread;
    private boolean closed;

    /**
     * Something that was remembered.
     *
     * @param dateMs when
     * @param content of an id the fingerprint of its content; absent of a content
     */
    record Seen(long dateMs, @Nullable Fingerprint content) {}

    /** Opens it, or makes it. {@code configs}: of the application. */
    SeenSegment(String store, Path directory, Map<String, Object> configs) {
        this.store = store;
        this.directory = directory;
        options.setTableFormatConfig(
                new BlockBasedTableConfig().setBlockSize(BLOCK_BYTES).setFilterPolicy(filter));
        options.setWriteBufferSize(MEMTABLE_BYTES);
        options.setMaxWriteBufferNumber(MEMTABLES);
        options.setCompactionStyle(CompactionStyle.UNIVERSAL);
        // Hashes cannot be compressed.
        options.setCompressionType(CompressionType.NO_COMPRESSION);
        // One thread writes, in the order of the keys: each is searched from where the one before was put.
        options.setAllowConcurrentMemtableWrite(false);
        options.setCreateIfMissing(true);
        options.setInfoLogLevel(InfoLogLevel.ERROR_LEVEL);
        options.setIncreaseParallelism(2);
        Object setterClass = configs.get(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG);
        this.setter = setterClass == null ? null : (RocksDBConfigSetter) Utils.newInstance((Class<?>) setterClass);
        if (setter != null) {
            setter.setConfig(store, options, configs);
        }
        try {
            Files.createDirectories(directory.getParent());
            this.database = RocksDB.open(options, directory.toString());
        } catch (IOException | RocksDBException e) {
            throw failed("open", e);
        }
    }

    /** Adds an entry to what {@link #write} writes. */
    void add(Fingerprint key, long dateMs, @Nullable Fingerprint content) {
        seen.clear().putLong(dateMs);
        if (content != null) {
            content.write(seen);
        }
        byte[] value = new byte[seen.position()];
        seen.flip().get(value);
        try {
            batch.put(key.toBytes(), value);
        } catch (RocksDBException e) {
            throw failed("write", e);
        }
    }

    /** Writes what was added. {@code newestMs}: newest date of the store. */
    void write(long newestMs) {
        if (batch.count() == 0) {
            return;
        }
        try {
            batch.put(NEWEST, ByteBuffer.allocate(Long.BYTES).putLong(newestMs).array());
            database.write(writing, batch);
            batch.clear();
        } catch (RocksDBException e) {
            throw failed("write", e);
        }
    }

    @Nullable
    Seen find(Fingerprint key) {
        try {
            byte[] value = database.get(key.toBytes());
            return value == null ? null : seen(value);
        } catch (RocksDBException e) {
            throw failed("read", e);
        }
    }

    /** The newest date that was written with {@link #write}; 0 if none was. */
    long newestMs() {
        try {
            byte[] value = database.get(NEWEST);
            return value == null ? 0 : ByteBuffer.wrap(value).getLong();
        } catch (RocksDBException e) {
            throw failed("read", e);
        }
    }

    /**
     * Hands on the keys and dates that were in it at the first call, some at each call.
     *
     * @param count at most so many
     * @return how many there were; fewer than {@code count} once it is through
     */
    int read(int count, BiConsumer<Fingerprint, Long> consumer) {
        if (closed) {
            return 0;
        }
        RocksIterator entries = unread;
        if (entries == null) {
            entries = database.newIterator();
            entries.seekToFirst();
            unread = entries;
        }
        int read = 0;
        for (; read < count && entries.isValid(); entries.next()) {
            byte[] key = entries.key();
            // The other is NEWEST.
            if (key.length == Fingerprint.BYTES) {
                consumer.accept(
                        Fingerprint.read(ByteBuffer.wrap(key)),
                        seen(entries.value()).dateMs());
                read++;
            }
        }
        return read;
    }

    private static Seen seen(byte[] value) {
        ByteBuffer from = ByteBuffer.wrap(value);
        long dateMs = from.getLong();
        return new Seen(dateMs, from.hasRemaining() ? Fingerprint.read(from) : null);
    }

    void flush() {
        try {
            database.flush(flushing);
        } catch (RocksDBException e) {
            throw failed("flush", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (unread != null) {
            unread.close();
        }
        database.close();
        batch.close();
        flushing.close();
        writing.close();
        if (setter != null) {
            setter.close(store, options);
        }
        options.close();
        filter.close();
    }

    /** Closes it and forgets everything in it. */
    void delete() {
        close();
        try {
            DirectoryTree.delete(directory);
        } catch (IOException e) {
            throw failed("delete", e);
        }
    }

    private ProcessorStateException failed(String what, Exception cause) {
        return new ProcessorStateException(
                "cannot " + what + " " + directory + " of store " + store + ": " + cause.getMessage(), cause);
    }
}
