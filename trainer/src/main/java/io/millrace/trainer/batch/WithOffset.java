package io.millrace.trainer.batch;

import java.util.List;

/**
 * A value with the offset of its record.
 *
 * @param offset offset of the record
 * @param value content of the record
 * @param producedMs when its producer sent it, in milliseconds since the epoch; negative if that is not known
 */
public record WithOffset<T>(long offset, T value, long producedMs) {

    private static final long NOT_KNOWN = -1;

    /** A value of unknown age. */
    public WithOffset(long offset, T value) {
        this(offset, value, NOT_KNOWN);
    }

    /** The values alone. */
    static <T> List<T> values(List<WithOffset<T>> entries) {
        return entries.stream().map(WithOffset::value).toList();
    }
}
