package io.millrace.ingest;

import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

import java.util.Map;
import java.util.Properties;

/**
 * The native memory of all stores of a process: one cache of blocks, which what is not yet written to disk counts against, so that it is
 * bounded whatever the number of partitions and of segments of the window. By default Kafka Streams gives each segment of each
 * partition its own.
 */
final class StoreMemory implements AutoCloseable {

    /** Of all stores together. */
    static final long BYTES = 96L << 20;

    /** Of these, at most so many for what is not yet on disk. */
    static final long UNWRITTEN_BYTES = 48L << 20;

    private static final String SETTING = "millrace.store.memory";

    private final Cache cache;
    private final WriteBufferManager unwritten;

    StoreMemory() {
        RocksDB.loadLibrary();
        cache = new LRUCache(BYTES);
        unwritten = new WriteBufferManager(UNWRITTEN_BYTES, cache);
    }

    /** Makes the stores of an application with these settings use it, unless they name another setter. */
    void addTo(Properties settings) {
        settings.put(SETTING, this);
    }

    /** Once all stores are closed. */
    @Override
    public void close() {
        unwritten.close();
        cache.close();
    }

    /** Gives the memory to a store. Kafka Streams makes an instance for each; without a memory in the settings it does nothing. */
    public static final class Setter implements RocksDBConfigSetter {

        @Override
        public void setConfig(String storeName, Options options, Map<String, Object> configs) {
            if (configs.get(SETTING) instanceof StoreMemory memory) {
                BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
                table.setBlockCache(memory.cache);
                // Otherwise they are outside of the cache and grow with the store.
                table.setCacheIndexAndFilterBlocks(true);
                table.setPinTopLevelIndexAndFilter(true);
                options.setTableFormatConfig(table);
                options.setWriteBufferManager(memory.unwritten);
            }
        }

        @Override
        public void close(String storeName, Options options) {
            // The memory is the service's.
        }
    }
}
