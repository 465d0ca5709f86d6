package io.millrace.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.config.ConfigFile;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One of the compared methods, written {@code [LABEL=]NAME[:key=value...]}.
 *
 * @param label its name in the results
 * @param settings values by dotted key below {@code training}
 */
public record MethodChoice(String label, Map<String, String> settings) {

    private static final String GRAMMAR = "[LABEL=]NAME[:key=value...]";

    public MethodChoice {
        settings = Map.copyOf(settings);
    }

    /** The methods in {@code texts}; their labels must differ. */
    public static List<MethodChoice> parseAll(List<String> texts) {
        List<MethodChoice> choices =
                texts.stream().map(String::strip).map(MethodChoice::parse).toList();
        Map<String, String> labelByFile = new HashMap<>();
        for (MethodChoice choice : choices) {
            String other = labelByFile.put(choice.fileName(), choice.label());
            if (other != null) {
                throw new ConfigException("the labels of methods must differ, in their letters and digits too: got \""
                        + other + "\" and \"" + choice.label() + "\". Write LABEL=NAME.");
            }
        }
        return choices;
    }

    /** The method in {@code text}. */
    public static MethodChoice parse(String text) {
        Iterator<String> parts = List.of(text.split(":", -1)).iterator();
        String head = parts.next();
        int equals = head.indexOf('=');
        Map<String, String> settings =
                new HashMap<>(Presets.settings(requirePart(head.substring(equals + 1), "NAME", text)));
        while (parts.hasNext()) {
            String[] setting = parts.next().split("=", 2);
            String key = requirePart(setting[0], "key", text);
            if (key.equals("seed")) {
                throw new ConfigException("method " + text + ": seed cannot be set here. Use --seeds.");
            }
            settings.put(key, requirePart(setting.length < 2 ? "" : setting[1], "value", text));
        }
        return new MethodChoice(equals < 0 ? text : requirePart(head.substring(0, equals), "LABEL", text), settings);
    }

    /** A copy of {@code training} with this method's settings. A relative encoder refers to the working directory. */
    public ObjectNode appliedTo(ObjectNode training) {
        ObjectNode changed = training.deepCopy();
        new TreeMap<>(settings).forEach((key, text) -> {
            JsonNode value = ConfigFile.value(text);
            if (key.equals("encoder")) {
                changed.put(key, Path.of(text).toAbsolutePath().toString());
            } else {
                set(changed, key, value);
            }
        });
        return changed;
    }

    /** The label, as part of a file name. */
    String fileName() {
        return label.replaceAll("[^\\p{Alnum}+=._-]", "_");
    }

    /** The settings, for the table. */
    String described() {
        if (settings.isEmpty()) {
            return "as the configuration says";
        }
        StringBuilder described = new StringBuilder();
        new TreeMap<>(settings).forEach((key, value) -> described
                .append(described.isEmpty() ? "" : ", ")
                .append(key)
                .append('=')
                .append(value));
        return described.toString();
    }

    private void set(ObjectNode tree, String key, JsonNode value) {
        ObjectNode parent = tree;
        String[] names = key.split("\\.", -1);
        for (int i = 0; i < names.length - 1; i++) {
            JsonNode child = parent.path(names[i]);
            if (child.isMissingNode() || child.isNull()) {
                parent = parent.putObject(names[i]);
            } else if (child instanceof ObjectNode mapping) {
                parent = mapping;
            } else {
                throw new ConfigException("method " + label + ": " + key + " cannot be set, because " + names[i]
                        + " is not a mapping of keys");
            }
        }
        parent.set(names[names.length - 1], value);
    }

    private static String requirePart(String part, String name, String text) {
        if (part.isBlank()) {
            throw new ConfigException(
                    "a method must be " + GRAMMAR + ", got \"" + text + "\", in which " + name + " is empty");
        }
        return part.strip();
    }
}
