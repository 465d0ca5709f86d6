package io.millrace.ingest;

import java.text.Normalizer;

/**
 * The one form in which a text is stored, compared and trained on:
 *
 * <ol>
 *   <li>every run of whitespace (Unicode spaces, line and paragraph separators, tabs, line breaks) becomes one space;
 *   <li>control characters that are not whitespace are removed, as the tokenizers of BERT's family do;
 *   <li>leading and trailing whitespace is removed;
 *   <li>of more than {@value #MAX_MARKS} combining marks in a row the rest is removed: no language uses that many, and
 *       sorting marks takes time quadratic in their number;
 *   <li>the result is brought to Unicode normalisation form C.
 * </ol>
 *
 * <p>Letter case, punctuation and format characters (which join emoji and Indic letters) stay as they are. Normalising
 * a second time changes nothing.
 */
public final class TextNormalizer {

    /** As in the Stream-Safe Text Format of Unicode's annex 15. */
    static final int MAX_MARKS = 30;

    private static final int NEXT_LINE = 0x85;
    private static final char DELETE = 0x7f;
    private static final char NO_BREAK_SPACE = 0xa0;

    /** The first combining mark; characters before it are never changed by form C. */
    private static final char FIRST_MARK = 0x300;

    private TextNormalizer() {}

    /** The normalised text. */
    public static String normalize(String text) {
        return isPlain(text) ? text : normalizeAny(text);
    }

    /** Whether nothing is to be done: no character but those up to U+02FF that stay as they are in form C, and single spaces between them. */
    private static boolean isPlain(String text) {
        boolean afterSpace = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' ? afterSpace : c <= ' ' || c >= FIRST_MARK || (c >= DELETE && c <= NO_BREAK_SPACE)) {
                return false;
            }
            afterSpace = c == ' ';
        }
        return text.isEmpty() || !afterSpace;
    }

    private static String normalizeAny(String text) {
        // Form C comes last: removing a control character can bring a letter and its accent together.
        String normalized = Normalizer.normalize(clean(text), Normalizer.Form.NFC);
        // Form C decomposes some marks, so that a run may be longer again.
        return longestRunOfMarks(normalized) > MAX_MARKS ? normalizeAny(normalized) : normalized;
    }

    private static String clean(String text) {
        StringBuilder cleaned = new StringBuilder(text.length());
        boolean spacePending = false;
        int marks = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (isWhitespace(codePoint)) {
                spacePending = true;
                marks = 0;
            } else if (!Character.isISOControl(codePoint)) {
                marks = isMark(codePoint) ? marks + 1 : 0;
                if (spacePending && !cleaned.isEmpty()) {
                    cleaned.append(' ');
                }
                spacePending = false;
                if (marks <= MAX_MARKS) {
                    cleaned.appendCodePoint(codePoint);
                }
            }
        }
        return cleaned.toString();
    }

    private static int longestRunOfMarks(String text) {
        int longest = 0;
        int marks = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            marks = isMark(codePoint) ? marks + 1 : 0;
            longest = Math.max(longest, marks);
        }
        return longest;
    }

    private static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    private static boolean isWhitespace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint) || codePoint == NEXT_LINE;
    }
}
