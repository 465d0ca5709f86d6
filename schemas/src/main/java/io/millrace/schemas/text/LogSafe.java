package io.millrace.schemas.text;

import java.util.Locale;

/**
 * Makes text from outside safe for a message or a log: on one line of bounded length, with nothing hidden. A character that
 * moves a terminal's cursor, ends a line or reverses the writing direction is shown as its escape, such as {@code \u202E}.
 */
public final class LogSafe {

    private static final int MAX_QUOTED_CHARS = 64;
    private static final String CUT = "...";

    private LogSafe() {}

    /** In quotation marks; a text longer than {@value #MAX_QUOTED_CHARS} characters is cut, and its length is given. */
    public static String quoted(String text) {
        String beginning = escaped(text, MAX_QUOTED_CHARS, Integer.MAX_VALUE);
        return '"'
                + beginning
                + (text.length() <= MAX_QUOTED_CHARS ? "\"" : CUT + "\" (" + text.length() + " characters)");
    }

    /** On one line of at most {@code maxChars}. */
    public static String line(String text, int maxChars) {
        if (text.length() <= maxChars) {
            String whole = escaped(text, maxChars, Integer.MAX_VALUE);
            if (whole.length() <= maxChars) {
                return whole;
            }
        }
        return escaped(text, maxChars, maxChars - CUT.length()) + CUT;
    }

    /** Whether nothing in {@code text} has to be shown as an escape. */
    public static boolean isPlain(String text) {
        return text.codePoints().noneMatch(LogSafe::isDeceptive);
    }

    /** Whether {@code text} has a visible character: more than spaces, control and format characters. */
    public static boolean isVisible(String text) {
        return text.codePoints().anyMatch(LogSafe::isVisible);
    }

    private static boolean isVisible(int codePoint) {
        return !Character.isWhitespace(codePoint)
                && !Character.isSpaceChar(codePoint)
                && !Character.isISOControl(codePoint)
                && Character.getType(codePoint) != Character.FORMAT;
    }

    /** The whole characters, or their escapes, that fit both limits. */
    private static String escaped(String text, int maxRead, int maxWritten) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            int before = escaped.length();
            if (isDeceptive(codePoint)) {
                escaped.append(String.format(Locale.ROOT, "\\u%04X", codePoint));
            } else {
                escaped.appendCodePoint(codePoint);
            }
            if (i > maxRead || escaped.length() > maxWritten) {
                escaped.setLength(before);
                break;
            }
        }
        return escaped.toString();
    }

    private static boolean isDeceptive(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            case Character.FORMAT -> isEmbeddingOrIsolate(Character.getDirectionality(codePoint));
            default -> false;
        };
    }

    /** Characters that change the order in which text is displayed; marks and joiners, which languages need, are not among them. */
    private static boolean isEmbeddingOrIsolate(byte directionality) {
        return switch (directionality) {
            case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
                    Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
                    Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE,
                    Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE -> true;
            default -> false;
        };
    }
}
