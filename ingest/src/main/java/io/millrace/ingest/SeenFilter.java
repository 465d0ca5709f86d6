package io.millrace.ingest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Says of most keys that are not in a store that they are not, from memory alone: a Bloom filter that grows. A new example, the usual case,
 * then costs no search in the store.
 *
 * <p>Keys are kept by the window in which they are dated, and forgotten with it. A window has blocks of doubling size, {@value
 * Block#BITS_PER_KEY} bits per key, at most {@value #MAX_KEYS} keys or 48 MiB; beyond that it says of every key that it may be there, and the
 * store is asked.
 *
 * <p>B. H. Bloom, <a href="https://doi.org/10.1145/362686.362692">Space/time trade-offs in hash coding with allowable errors</a>, 1970.
 */
final class SeenFilter {

    static final int MAX_KEYS = 1 << 25;

    private static final int FIRST_CAPACITY = 1 << 14;
    private static final int LAST_CAPACITY = 1 << 22;

    private final long windowMs;
    private final int maxKeys;
    private final TreeMap<Long, Window> windows = new TreeMap<>();

    /** An empty filter of keys that are remembered for {@code windowMs}. */
    SeenFilter(long windowMs) {
        this(windowMs, MAX_KEYS);
    }

    /** {@code maxKeys}: of a window. */
    SeenFilter(long windowMs, int maxKeys) {
        this.windowMs = windowMs;
        this.maxKeys = maxKeys;
    }

    /** Adds a key; {@code newestMs} is the newest date in the store, which has forgotten what is a window older. */
    void add(String key, long dateMs, long newestMs) {
        windows.headMap((newestMs - windowMs) / windowMs).clear();
        windows.computeIfAbsent(dateMs / windowMs, none -> new Window(maxKeys)).add(hash(key));
    }

    /** False if the key was not added, or was forgotten; otherwise true, and of keys that were not added true for few. */
    boolean mayHold(String key) {
        long hash = hash(key);
        for (Window window : windows.values()) {
            if (window.mayHold(hash)) {
                return true;
            }
        }
        return false;
    }

    /** Not cryptographic: keys that are chosen to collide only cost a search in the store. */
    private static long hash(String key) {
        long hash = 0x9E3779B97F4A7C15L ^ key.length();
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0xFF51AFD7ED558CCDL;
            hash ^= hash >>> 29;
        }
        hash *= 0xC4CEB9FE1A85EC53L;
        return hash ^ (hash >>> 32);
    }

    private static final class Window {

        private final List<Block> blocks = new ArrayList<>();
        private final int maxKeys;
        private int keys;
        private @Nullable Block last;

        Window(int maxKeys) {
            this.maxKeys = maxKeys;
        }

        void add(long hash) {
            if (keys == maxKeys) {
                return;
            }
            Block block = last;
            if (block == null || block.isFull()) {
                block = new Block(block == null ? FIRST_CAPACITY : Math.min(LAST_CAPACITY, 2 * block.capacity));
                blocks.add(block);
                last = block;
            }
            block.add(hash);
            keys++;
        }

        boolean mayHold(long hash) {
            if (keys == maxKeys) {
                return true;
            }
            for (Block block : blocks) {
                if (block.mayHold(hash)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static final class Block {

        static final int BITS_PER_KEY = 12;

        /** Near to 12 ln 2, where a full block is wrong for the fewest keys: 3 of 1,000. */
        private static final int PROBES = 8;

        private final int capacity;
        private final long[] bits;
        private int keys;

        Block(int capacity) {
            this.capacity = capacity;
            this.bits = new long[capacity * BITS_PER_KEY / Long.SIZE];
        }

        boolean isFull() {
            return keys == capacity;
        }

        void add(long hash) {
            for (int probe = 0; probe < PROBES; probe++) {
                int bit = bit(hash, probe);
                bits[bit >>> 6] |= 1L << bit;
            }
            keys++;
        }

        boolean mayHold(long hash) {
            for (int probe = 0; probe < PROBES; probe++) {
                int bit = bit(hash, probe);
                if ((bits[bit >>> 6] & 1L << bit) == 0) {
                    return false;
                }
            }
            return true;
        }

        /** Both halves of the hash make all probes: A. Kirsch and M. Mitzenmacher, Less hashing, same performance, 2006. */
        private int bit(long hash, int probe) {
            int mixed = (int) hash + probe * ((int) (hash >>> 32) | 1);
            return (int) (((mixed & 0xFFFFFFFFL) * (bits.length * (long) Long.SIZE)) >>> 32);
        }
    }
}
