package io.millrace.ingest;

import io.millrace.schemas.Origin;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The examples that are on the internal topic, as far as this process has sent them, a bounded number: mostly the same process reads them a
 * moment later and need not parse them again. Validation depends on nothing but the configuration of the process, the key and the value, so
 * the result of the first time is that of the second. Safe for several stream threads.
 */
final class ValidatedExamples {

    /** Of all values together; parsed, they take a few times as much. */
    static final int MAX_BYTES = 8 << 20;

    /** A small example takes far more memory than its bytes. */
    private static final int ENTRY_BYTES = 256;

    private final Map<Origin, Entry> entries = new LinkedHashMap<>();
    private long bytes;

    private record Entry(byte[] key, byte[] value, Validation validation) {

        long bytes() {
            return (long) ENTRY_BYTES + value.length;
        }
    }

    /** Keeps the result, and forgets the oldest ones beyond the bound. */
    synchronized void put(Origin origin, byte[] key, byte[] value, Validation validation) {
        Entry entry = new Entry(key, value, validation);
        bytes += entry.bytes() - bytesOf(entries.put(origin, entry));
        Iterator<Entry> oldest = entries.values().iterator();
        while (bytes > MAX_BYTES) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    /** The result for this record, once; empty if it is not known, or is that of another record from the same place. */
    synchronized Optional<Validation> take(Origin origin, byte[] key, byte[] value) {
        Entry entry = entries.remove(origin);
        bytes -= bytesOf(entry);
        return Optional.ofNullable(entry)
                .filter(known -> Arrays.equals(known.key(), key) && Arrays.equals(known.value(), value))
                .map(Entry::validation);
    }

    private static long bytesOf(@Nullable Entry entry) {
        return entry == null ? 0 : entry.bytes();
    }
}
