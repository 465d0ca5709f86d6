package io.millrace.trainer.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.trainer.drift.detector.Memory;

/** State as a tree of JSON. Numbers with a fraction are hexadecimal, so that they are the same on every version of Java. */
final class SavedState implements Memory {

    private final ObjectNode tree;
    private final boolean isRestoring;

    private SavedState(ObjectNode tree, boolean isRestoring) {
        this.tree = tree;
        this.isRestoring = isRestoring;
    }

    /** A memory that saves into {@code tree}. */
    static Memory saving(ObjectNode tree) {
        return new SavedState(tree, false);
    }

    /** A memory that restores from {@code tree}; it throws {@link IllegalArgumentException} if anything is missing or malformed. */
    static Memory restoring(ObjectNode tree) {
        return new SavedState(tree, true);
    }

    @Override
    public long number(String name, long value) {
        if (!isRestoring) {
            tree.put(name, value);
            return value;
        }
        return whole(name, saved(name));
    }

    @Override
    public double real(String name, double value) {
        if (!isRestoring) {
            tree.put(name, Double.toHexString(value));
            return value;
        }
        return Double.parseDouble(saved(name).asText());
    }

    @Override
    public String text(String name, String value) {
        if (!isRestoring) {
            tree.put(name, value);
            return value;
        }
        return saved(name).asText();
    }

    @Override
    public void numbers(String name, long[] values) {
        if (!isRestoring) {
            ArrayNode array = tree.putArray(name);
            for (long value : values) {
                array.add(value);
            }
            return;
        }
        JsonNode array = saved(name, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = whole(name, array.get(i));
        }
    }

    @Override
    public void reals(String name, double[] values) {
        if (!isRestoring) {
            ArrayNode array = tree.putArray(name);
            for (double value : values) {
                array.add(Double.toHexString(value));
            }
            return;
        }
        JsonNode array = saved(name, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = Double.parseDouble(array.get(i).asText());
        }
    }

    @Override
    public void texts(String name, String[] values) {
        if (!isRestoring) {
            ArrayNode array = tree.putArray(name);
            for (String value : values) {
                array.add(value);
            }
            return;
        }
        JsonNode array = saved(name, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asText();
        }
    }

    @Override
    public Memory within(String name) {
        if (!isRestoring) {
            return new SavedState(tree.putObject(name), false);
        }
        if (saved(name) instanceof ObjectNode part) {
            return new SavedState(part, true);
        }
        throw new IllegalArgumentException(
                name + " must be an object, got " + saved(name).getNodeType());
    }

    private static long whole(String name, JsonNode value) {
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException(name + " must be a whole number, got " + value.getNodeType());
        }
        return value.longValue();
    }

    private JsonNode saved(String name, int length) {
        JsonNode array = saved(name);
        if (!array.isArray() || array.size() != length) {
            throw new IllegalArgumentException(
                    name + " must hold " + length + " values, got " + (array.isArray() ? array.size() : "none"));
        }
        return array;
    }

    private JsonNode saved(String name) {
        JsonNode value = tree.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }
}
