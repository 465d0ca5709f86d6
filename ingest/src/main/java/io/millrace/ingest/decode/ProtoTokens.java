package io.millrace.ingest.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words, numbers, strings and signs of a .proto file, one after the other; comments are left out. */
final class ProtoTokens {

    private static final Pattern SKIPPED = Pattern.compile("\\s+|//[^\\n]*|/\\*[\\s\\S]*?\\*/");
    private static final Pattern TOKEN = Pattern.compile("\\.?[A-Za-z_][A-Za-z0-9_]*(?:\\.[A-Za-z_][A-Za-z0-9_]*)*"
            + "|[0-9][0-9A-Za-z.+]*|\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*'|[^\\s]");
    private static final String END = "the end";

    private final List<String> tokens = new ArrayList<>();
    private int next;

    ProtoTokens(String text) {
        Matcher skipped = SKIPPED.matcher(text);
        Matcher token = TOKEN.matcher(text);
        for (int at = 0; at < text.length(); ) {
            if (skipped.region(at, text.length()).lookingAt()) {
                at = skipped.end();
            } else if (token.region(at, text.length()).lookingAt()) {
                tokens.add(token.group());
                at = token.end();
            }
        }
    }

    boolean atEnd() {
        return next == tokens.size();
    }

    String peek() {
        return atEnd() ? END : tokens.get(next);
    }

    String take() {
        if (atEnd()) {
            throw fault("more", END);
        }
        return tokens.get(next++);
    }

    boolean takeIf(String token) {
        boolean there = peek().equals(token);
        next += there ? 1 : 0;
        return there;
    }

    void expect(String token) {
        String got = take();
        if (!got.equals(token)) {
            throw fault(token, got);
        }
    }

    /** A name, perhaps with dots. */
    String takeName() {
        String name = take();
        if (!Character.isLetter(name.charAt(0)) && name.charAt(0) != '_' && name.charAt(0) != '.') {
            throw fault("a name", name);
        }
        return name;
    }

    /** A decimal, hexadecimal or octal number. */
    int takeNumber() {
        boolean negative = takeIf("-");
        String number = take();
        try {
            int value = Integer.parseUnsignedInt(Long.toString(Long.decode(number)));
            return negative ? -value : value;
        } catch (NumberFormatException e) {
            throw fault("a number", number);
        }
    }

    /** A string without its quotation marks; names of files and versions need no escapes. */
    String takeString() {
        String string = take();
        if (string.length() < 2 || (string.charAt(0) != '"' && string.charAt(0) != '\'')) {
            throw fault("a string", string);
        }
        return string.substring(1, string.length() - 1);
    }

    /** Skips up to the {@code ;} that ends a statement, or the block in braces that does. */
    void skipStatement() {
        int depth = 0;
        for (String token = take(); ; token = take()) {
            if (token.equals("{") || token.equals("[") || token.equals("(")) {
                depth++;
            } else if (token.equals("}") || token.equals("]") || token.equals(")")) {
                depth--;
            }
            boolean endsBlock = token.equals("}") && depth == 0 && !peek().equals(";");
            if (depth == 0 && (token.equals(";") || endsBlock)) {
                return;
            }
        }
    }

    /** Skips options in brackets, if there are some. */
    void skipOptions() {
        if (!takeIf("[")) {
            return;
        }
        for (int depth = 1; depth > 0; ) {
            String token = take();
            depth += token.equals("[") ? 1 : token.equals("]") ? -1 : 0;
        }
    }

    private static IllegalArgumentException fault(String expected, String got) {
        return new IllegalArgumentException("expected " + expected + ", got " + got);
    }
}
