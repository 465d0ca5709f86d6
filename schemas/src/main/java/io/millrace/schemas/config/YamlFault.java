package io.millrace.schemas.config;

import com.fasterxml.jackson.core.JsonProcessingException;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Explains in our own words why a text is not YAML. The parser's messages name its internal states and quote the file, which may hold
 * passwords.
 */
final class YamlFault {

    private static final Pattern TWICE = Pattern.compile("Duplicate field '([^'\\n]{1,100})'");

    /** The parser's phrases, and what each means to the author of the file. The first match counts. */
    private static final Map<String, String> MEANINGS = meanings();

    private YamlFault() {}

    static String describe(JsonProcessingException e) {
        String said = String.valueOf(e.getOriginalMessage());
        Matcher twice = TWICE.matcher(said);
        if (twice.find()) {
            return "the key " + twice.group(1) + " is there twice";
        }
        return MEANINGS.entrySet().stream()
                .filter(meaning -> said.contains(meaning.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("look at its indentation, colons, quotation marks and brackets");
    }

    private static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        meanings.put("'\\t(TAB)'", "a line is indented with a tab. Indent with spaces");
        meanings.put(
                "mapping values are not allowed here",
                "there is a colon where no key is. Put a text with a colon into quotes");
        meanings.put("flow sequence", "a list that begins with [ has no comma or ] where one must be");
        meanings.put("flow mapping", "a mapping that begins with { has no comma or } where one must be");
        meanings.put("quoted scalar", "a text in quotes does not end, or holds a \\ that is no escape");
        meanings.put("could not find expected ':'", "a key has no colon behind it");
        meanings.put("block mapping", "a line is indented otherwise than those beside it");
        meanings.put("block sequence", "an entry of a list is indented otherwise than those beside it");
        meanings.put("alias", "a value begins with * or &, which YAML takes for a reference. Put it into quotes");
        meanings.put("anchor", "a value begins with * or &, which YAML takes for a reference. Put it into quotes");
        meanings.put(
                "cannot start any token",
                "a value begins with a character that YAML keeps for itself. Put it into quotes");
        meanings.put("Unexpected end-of-input", "it is empty, or ends too early");
        meanings.put("UTF-8", "it holds bytes that are not UTF-8");
        return meanings;
    }
}
