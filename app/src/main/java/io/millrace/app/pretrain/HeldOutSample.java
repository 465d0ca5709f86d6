package io.millrace.app.pretrain;

import io.millrace.schemas.store.Sha256;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Texts that are held out of a pre-training: those whose hash is small. So equal texts are all held out or none is, and neither order
 * nor seed changes the choice. It takes the given share of the texts, but no more than {@value #MOST} different ones.
 */
final class HeldOutSample {

    static final int MOST = 1_000;

    /** A tokenizer cuts them much earlier. */
    private static final int MOST_CHARS = 50_000;

    private static final int HEX_DIGITS = 15;
    private static final double HASHES = Math.pow(16, HEX_DIGITS);

    private final TreeMap<Long, Chosen> chosen = new TreeMap<>();
    private long end;
    private long seen;

    /**
     * A text.
     *
     * @param text its beginning
     * @param count how often it came
     */
    private record Chosen(String text, long count) {}

    /**
     * An empty sample.
     *
     * @param share in [0, 1)
     */
    HeldOutSample(double share) {
        this.end = (long) (share * HASHES);
    }

    /** Takes a text of the files. */
    void add(String text) {
        seen++;
        if (end == 0) {
            return;
        }
        long hash = hash(text);
        if (hash < end) {
            chosen.merge(hash, new Chosen(cut(text), 1), (old, one) -> new Chosen(old.text, old.count + 1));
            if (chosen.size() > MOST) {
                end = chosen.lastKey();
                chosen.remove(end);
            }
        }
    }

    /** Whether a text is held out; ask once all have been added. */
    boolean holds(String text) {
        return end > 0 && hash(text) < end;
    }

    /** The different texts, in a fixed order. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        chosen.values().forEach(one -> texts.add(one.text));
        return texts;
    }

    /** How many texts remain to train on. */
    long remaining() {
        return seen - chosen.values().stream().mapToLong(Chosen::count).sum();
    }

    private static long hash(String text) {
        return Long.parseLong(Sha256.of(text).substring(0, HEX_DIGITS), 16);
    }

    private static String cut(String text) {
        if (text.length() <= MOST_CHARS) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(MOST_CHARS - 1)) ? MOST_CHARS - 1 : MOST_CHARS);
    }
}
