package io.millrace.ingest.file;

import io.millrace.schemas.LabelledExample;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * How much of a file may be kept in memory. A small gzipped file can hold far more: the fault is reported at the
 * line where memory would run out, before it does.
 */
public final class MemoryBudget {

    /** A generous estimate for an object with its fields. */
    private static final long OBJECT_BYTES = 300;

    /** Of one entry of a map and its two strings, without their characters. */
    private static final long ENTRY_BYTES = 150;

    private final long maxBytes;
    private long bytes;

    /** Of {@code maxBytes}, by a generous estimate. */
    public MemoryBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Half of this process's maximum memory. */
    public static MemoryBudget ofThisProcess() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / 2);
    }

    /** Starts again, once nothing that was counted is kept. */
    public void restart() {
        bytes = 0;
    }

    /**
     * Counts one more example.
     *
     * @param position its position, for the message
     * @throws IllegalArgumentException if it does not fit any more
     */
    public void keep(LabelledExample example, String position) {
        long kept = OBJECT_BYTES
                + bytes(example.id())
                + bytes(example.text())
                + bytes(example.textPair())
                + bytes(example.label());
        if (example.attributes() != null) {
            for (Map.Entry<String, String> attribute : example.attributes().entrySet()) {
                kept += ENTRY_BYTES + bytes(attribute.getKey()) + bytes(attribute.getValue());
            }
        }
        keep(kept, position);
    }

    /** Counts one more text; see {@link #keep(LabelledExample, String)}. */
    public void keep(String text, String position) {
        keep(OBJECT_BYTES + bytes(text), position);
    }

    private void keep(long moreBytes, String position) {
        bytes += moreBytes;
        if (bytes > maxBytes) {
            throw new IllegalArgumentException(position + ": what is kept in memory up to here takes more than the "
                    + maxBytes
                    + " bytes that there are for it. Read less at a time, or give this process more memory, as"
                    + " with MILLRACE_JAVA_OPTS=-Xmx8g.");
        }
    }

    private static long bytes(@Nullable String text) {
        return text == null ? 0 : 2L * text.length();
    }
}
