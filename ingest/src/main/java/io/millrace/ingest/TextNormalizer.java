package io.millrace.ingest;

import java.text.Normalizer;

/**
 * The one form in which a text is stored, compared and trained on:
 *
 * <ol>
 *   <li>every run of whitespace (Unicode spaces, line and paragraph separators, tabs, line breaks) becomes one space;
 *   <li>control characters that are not whitespace are removed, as the tokenizers of BERT's family do;
 *   <li>leading and trailing whitespace is removed;
 *   <li>the result is brought to Unicode normalisation form C.
 * </ol>
 *
 * <p>Letter case, punctuation and format characters (which join emoji and Indic letters) stay as they are. Normalising
 * a second time changes nothing.
 */
final class TextNormalizer {

    private static final int NEXT_LINE = 0x85;

    private TextNormalizer() {}

    /** The normalised text; null stays null. */
    static String normalize(String text) {
        if (text == null) {
            return null;
        }
        // Form C comes last: taking out a control character can bring a letter and its accent together.
        return Normalizer.normalize(clean(text), Normalizer.Form.NFC);
    }

    private static String clean(String text) {
        StringBuilder cleaned = new StringBuilder(text.length());
        boolean spacePending = false;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (isWhitespace(codePoint)) {
                spacePending = true;
            } else if (!Character.isISOControl(codePoint)) {
                if (spacePending && !cleaned.isEmpty()) {
                    cleaned.append(' ');
                }
                spacePending = false;
                cleaned.appendCodePoint(codePoint);
            }
        }
        return cleaned.toString();
    }

    private static boolean isWhitespace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint) || codePoint == NEXT_LINE;
    }
}
