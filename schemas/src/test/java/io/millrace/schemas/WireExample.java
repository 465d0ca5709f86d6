package io.millrace.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * A record as it may stand on a topic.
 *
 * @param version the first version of Millrace's records that could be this one
 * @param form {@code minimal}: no optional component is there; {@code full}: every one that this version had
 * @param complete whether every optional component of today is there
 * @param value the record
 */
record WireExample(int version, String form, boolean complete, Record value) {

    /** Of the schema file and the folder of golden bytes: {@code LabelledExample} gives {@code labelled-example}. */
    String name() {
        return nameOf(value.getClass());
    }

    static String nameOf(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** The bytes that this record must have for ever. */
    byte[] goldenBytes() {
        String resource = "/golden/v" + version + "/" + name() + "/" + form + ".json";
        try (InputStream in = WireExample.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("there are no golden bytes " + resource + " for " + this);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return form + " v" + version + " " + value.getClass().getSimpleName();
    }
}
