package io.millrace.schemas.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;

import java.io.IOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/** Reads durations as ISO-8601 only: a bare 30 has no unit. */
final class IsoDurations extends StdDeserializer<Duration> {

    private static final long serialVersionUID = 1L;

    IsoDurations() {
        super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            return (Duration) context.handleUnexpectedToken(Duration.class, parser);
        }
        try {
            return Duration.parse(parser.getText());
        } catch (DateTimeParseException e) {
            return (Duration) context.handleWeirdStringValue(Duration.class, parser.getText(), "not ISO-8601");
        }
    }
}
