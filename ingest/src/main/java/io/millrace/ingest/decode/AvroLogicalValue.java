package io.millrace.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.UUID;

/**
 * Avro's logical types as JSON: a decimal is a number; {@code timestamp-millis}, {@code -micros} and {@code -nanos} are
 * instants as {@code "2026-01-31T12:00:00Z"}; a date is {@code "2026-01-31"}; a UUID is its usual text. All others read as the
 * type that they are built on.
 */
final class AvroLogicalValue {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int UUID_BYTES = 16;

    /** A decimal of more digits would take minutes to print. */
    private static final int MAX_DECIMAL_BYTES = 512;

    private AvroLogicalValue() {}

    static JsonNode ofNumber(Schema schema, long value) {
        LogicalType type = schema.getLogicalType();
        if (type instanceof LogicalTypes.TimestampMillis) {
            return JSON.textNode(Instant.ofEpochMilli(value).toString());
        }
        if (type instanceof LogicalTypes.TimestampMicros) {
            return JSON.textNode(instant(value, 1_000_000).toString());
        }
        if (type instanceof LogicalTypes.TimestampNanos) {
            return JSON.textNode(instant(value, 1_000_000_000).toString());
        }
        if (type instanceof LogicalTypes.Date) {
            return JSON.textNode(LocalDate.ofEpochDay(value).toString());
        }
        return JSON.numberNode(value);
    }

    static JsonNode ofBytes(Schema schema, byte[] value) {
        LogicalType type = schema.getLogicalType();
        if (type instanceof LogicalTypes.Decimal decimal && value.length > 0 && value.length <= MAX_DECIMAL_BYTES) {
            return DecimalNode.valueOf(new BigDecimal(new BigInteger(value), decimal.getScale()));
        }
        if (type instanceof LogicalTypes.Uuid && value.length == UUID_BYTES) {
            ByteBuffer bytes = ByteBuffer.wrap(value);
            return JSON.textNode(new UUID(bytes.getLong(), bytes.getLong()).toString());
        }
        return JSON.textNode(Base64.getEncoder().encodeToString(value));
    }

    private static Instant instant(long value, long perSecond) {
        long nanos = Math.floorMod(value, perSecond) * (1_000_000_000 / perSecond);
        return Instant.ofEpochSecond(Math.floorDiv(value, perSecond), nanos);
    }
}
