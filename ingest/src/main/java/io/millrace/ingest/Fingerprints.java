package io.millrace.ingest;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.store.Sha256;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Fingerprints of what de-duplication remembers. An instance is for one thread. */
final class Fingerprints {

    /** Begins the key of an id, here and in changelogs of earlier versions. */
    static final String ID = "id:";

    private final MessageDigest digest = Sha256.digest();

    /** Of an id of a task. */
    Fingerprint ofId(String task, String id) {
        return of(ID + task + "/" + id);
    }

    /** Of the text, or the pair of texts, and the label of an example whose texts are normalised. */
    Fingerprint ofContent(String task, LabelledExample example) {
        return of(TextFingerprint.contentOf(task, example));
    }

    /** Of an id, from the key under which earlier versions have remembered it. */
    Fingerprint ofIdKey(String key) {
        return of(key);
    }

    /** Of the text, or the pair of texts, whatever the label, as {@link TextFingerprint#ofText}: in hexadecimal. */
    String ofText(String task, LabelledExample example) {
        return HexFormat.of().formatHex(hash(TextFingerprint.textOf(task, example)));
    }

    private Fingerprint of(String text) {
        return Fingerprint.read(ByteBuffer.wrap(hash(text)));
    }

    private byte[] hash(String text) {
        return digest.digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
