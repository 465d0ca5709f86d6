package io.millrace.ingest.seen;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Says of most keys that are not in a store that they are not, from memory alone: a Bloom filter that grows. A new example, the usual case,
 * then costs no search in the store.
 *
 * <p>Keys are kept by the window in which they are dated, and forgotten with it. A window has blocks of growing size, {@value
 * Block#BITS_PER_KEY} bits per key, at most {@value #MAX_KEYS} keys or 53 MiB; beyond that it says of every key that it may be there, and the
 * store is asked.
 *
 * <p>B. H. Bloom, <a href="https://doi.org/10.1145/362686.362692">Space/time trade-offs in hash coding with allowable errors</a>, 1970; with
 * the bits of a key in one line: F. Putze, P. Sanders and J. Singler, <a href="https://doi.org/10.1145/1498698.1594230">Cache-, hash-, and
 * space-efficient bloom filters</a>, 2009.
 */
final class SeenFilter {

    static final int MAX_KEYS = 25_000_000;

    private static final int FIRST_CAPACITY = 1 << 18;
    private static final int LAST_CAPACITY = 1 << 23;

    /** Few blocks, because a new key asks all of them. */
    private static final int GROWTH = 8;

    private final long windowMs;
    private final int maxKeys;
    private final TreeMap<Long, Window> windows = new TreeMap<>();
    private Window[] live = {};
    private long newestWindow;
    private long lastWindow;
    private @Nullable Window last;

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
    void add(Fingerprint key, long dateMs, long newestMs) {
        if (newestMs / windowMs != newestWindow) {
            newestWindow = newestMs / windowMs;
            windows.headMap(newestWindow - 1).clear();
            last = null;
        }
        if (last == null || dateMs / windowMs != lastWindow) {
            lastWindow = dateMs / windowMs;
            last = windows.computeIfAbsent(lastWindow, none -> new Window(maxKeys));
            live = windows.values().toArray(Window[]::new);
        }
        last.add(key);
    }

    /** False if the key was not added, or was forgotten; otherwise true, and of keys that were not added true for few. */
    boolean mayHold(Fingerprint key) {
        for (Window window : live) {
            if (window.mayHold(key)) {
                return true;
            }
        }
        return false;
    }

    private static final class Window {

        private final List<Block> blocks = new ArrayList<>();
        private final int maxKeys;
        private int keys;
        private @Nullable Block last;

        Window(int maxKeys) {
            this.maxKeys = maxKeys;
        }

        void add(Fingerprint key) {
            if (keys == maxKeys) {
                return;
            }
            Block block = last;
            if (block == null || block.isFull()) {
                block = new Block(block == null ? FIRST_CAPACITY : Math.min(LAST_CAPACITY, GROWTH * block.capacity));
                blocks.add(block);
                last = block;
            }
            block.add(key);
            keys++;
        }

        boolean mayHold(Fingerprint key) {
            if (keys == maxKeys) {
                return true;
            }
            for (Block block : blocks) {
                if (block.mayHold(key)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static final class Block {

        static final int BITS_PER_KEY = 16;

        private static final int PROBES = 7;

        /** Bits of a fingerprint that place one bit: six in a word and three for the word. */
        private static final int STEP = 9;

        /** A key's bits are in one line of the processor's cache, of {@value} bits: one look into memory in place of seven. */
        private static final int LINE_BITS = 512;

        private static final int LINE_LONGS = LINE_BITS / Long.SIZE;

        private final int capacity;
        private final long[] bits;
        private int keys;

        Block(int capacity) {
            this.capacity = capacity;
            this.bits = new long[capacity / LINE_BITS * BITS_PER_KEY * LINE_LONGS];
        }

        boolean isFull() {
            return keys == capacity;
        }

        void add(Fingerprint key) {
            int line = line(key);
            long probes = key.low();
            for (int probe = 0; probe < PROBES; probe++) {
                bits[line + ((int) (probes >>> 6) & LINE_LONGS - 1)] |= 1L << probes;
                probes = Long.rotateRight(probes, STEP);
            }
            keys++;
        }

        boolean mayHold(Fingerprint key) {
            int line = line(key);
            long probes = key.low();
            for (int probe = 0; probe < PROBES; probe++) {
                if ((bits[line + ((int) (probes >>> 6) & LINE_LONGS - 1)] & 1L << probes) == 0) {
                    return false;
                }
                probes = Long.rotateRight(probes, STEP);
            }
            return true;
        }

        /** Where the line of a key begins. */
        private int line(Fingerprint key) {
            int lines = bits.length / LINE_LONGS;
            return (int) (((key.high() >>> 32) * lines) >>> 32) * LINE_LONGS;
        }
    }
}
