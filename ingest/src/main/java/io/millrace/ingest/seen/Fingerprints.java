package io.millrace.ingest.seen;

import io.millrace.schemas.store.Sha256;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Fingerprints of what de-duplication remembers. An instance is for one thread. */
public final class Fingerprints {

    /** Begins the key of an id, here and in changelogs of earlier versions. */
    static final String ID = "id:";

    private final MessageDigest digest = Sha256.digest();

    /** Of an id of a task. */
    public Fingerprint ofId(String task, String id) {
        return of(ID + task + "/" + id);
    }

    /** Of the content of an example: one text in which task, texts and label are told apart. */
    public Fingerprint ofContent(String content) {
        return of(content);
    }

    /** Of an id, from the key under which earlier versions have remembered it. */
    Fingerprint ofIdKey(String key) {
        return of(key);
    }

    /** The whole hash of a text in hexadecimal, as {@link Sha256#of(String)}. */
    public String hexOf(String text) {
        return HexFormat.of().formatHex(hash(text));
    }

    private Fingerprint of(String text) {
        return Fingerprint.read(ByteBuffer.wrap(hash(text)));
    }

    private byte[] hash(String text) {
        return digest.digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
