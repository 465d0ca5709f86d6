package io.millrace.ingest.seen;

import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Ids and contents as the changelog has them: some thousand in one record. The key is never used twice: a version byte, the date, and the
 * fingerprint of the first id. The value is, per entry, a byte that tells whether the content is new, the date, and both fingerprints.
 *
 * <p>Earlier versions wrote two records per example, with {@code id:task/id} or {@code content:hash} as the key, followed by a date and a
 * number, and the content's hash or the id as the value. They are read, too.
 */
final class SeenBatch {

    /** So that the record is far smaller than any topic's limit. */
    static final int MAX_ENTRIES = 3000;

    private static final byte VERSION = 1;
    private static final int ENTRY_BYTES = 1 + Long.BYTES + 2 * Fingerprint.BYTES;
    private static final int FORMER_END_BYTES = Long.BYTES + Integer.BYTES;
    private static final String FORMER_CONTENT = "content:";

    private final ByteBuffer entries = ByteBuffer.allocate(MAX_ENTRIES * ENTRY_BYTES);

    /**
     * What came of an example.
     *
     * @param id fingerprint of its id; absent only in what an earlier version wrote of a content
     * @param content fingerprint of its content
     * @param isNewContent whether the content is remembered from this date on, too
     * @param dateMs when
     */
    record Entry(@Nullable Fingerprint id, Fingerprint content, boolean isNewContent, long dateMs) {}

    void add(Fingerprint id, Fingerprint content, boolean isNewContent, long dateMs) {
        entries.put((byte) (isNewContent ? 1 : 0)).putLong(dateMs);
        id.write(entries);
        content.write(entries);
    }

    boolean isEmpty() {
        return entries.position() == 0;
    }

    boolean isFull() {
        return !entries.hasRemaining();
    }

    void clear() {
        entries.clear();
    }

    /** Of the record of these entries. */
    Bytes key() {
        byte[] first = new byte[Long.BYTES + Fingerprint.BYTES];
        entries.duplicate().position(1).get(first);
        return Bytes.wrap(
                ByteBuffer.allocate(1 + first.length).put(VERSION).put(first).array());
    }

    byte[] value() {
        byte[] value = new byte[entries.position()];
        entries.duplicate().flip().get(value);
        return value;
    }

    /** Hands on every entry of a record of the changelog; one without a value has none. */
    static void read(byte[] key, byte @Nullable [] value, Fingerprints fingerprints, Consumer<Entry> consumer) {
        if (value == null) {
            return;
        }
        if (key[0] != VERSION) {
            consumer.accept(former(key, value, fingerprints));
            return;
        }
        ByteBuffer from = ByteBuffer.wrap(value);
        while (from.hasRemaining()) {
            boolean isNewContent = from.get() != 0;
            long dateMs = from.getLong();
            consumer.accept(new Entry(Fingerprint.read(from), Fingerprint.read(from), isNewContent, dateMs));
        }
    }

    private static Entry former(byte[] key, byte[] value, Fingerprints fingerprints) {
        int end = key.length - FORMER_END_BYTES;
        String text = new String(key, 0, end, StandardCharsets.UTF_8);
        long dateMs = ByteBuffer.wrap(key).getLong(end);
        if (text.startsWith(Fingerprints.ID)) {
            Fingerprint content = Fingerprint.ofHex(new String(value, StandardCharsets.UTF_8));
            return new Entry(fingerprints.ofIdKey(text), content, false, dateMs);
        }
        return new Entry(null, Fingerprint.ofHex(text.substring(FORMER_CONTENT.length())), true, dateMs);
    }
}
