package io.millrace.trainer.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Splits texts into words: runs of letters and digits in lower case; an ideograph is a word of its own. */
final class Words {

    /** Most characters of a word; the rest of a longer one is dropped. */
    static final int MAX_CHARS = 32;

    /** Most words of a text; the others are ignored. */
    static final int MAX_WORDS = 512;

    private Words() {}

    static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        String lower = text.toLowerCase(Locale.ROOT);
        for (int i = 0; i < lower.length() && words.size() < MAX_WORDS; ) {
            int codePoint = lower.codePointAt(i);
            i += Character.charCount(codePoint);
            boolean isAlone = Character.isIdeographic(codePoint);
            if (isAlone || !isPart(codePoint)) {
                end(word, words);
            }
            if (isAlone) {
                words.add(Character.toString(codePoint));
            } else if (isPart(codePoint) && word.length() + 2 <= MAX_CHARS) {
                word.appendCodePoint(codePoint);
            }
        }
        end(word, words);
        return words;
    }

    private static boolean isPart(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> Character.isLetterOrDigit(codePoint);
        };
    }

    private static void end(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
