package io.millrace.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import com.google.protobuf.Timestamp;
import io.millrace.schemas.RejectionReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** Messages that Protobuf itself has encoded, with schemas as texts. */
class ProtobufValueTest {

    private static final byte[] FIRST = {0};

    private static final String FILE =
            """
            // A file with what people write in such files.
            syntax = "proto3";
            package acme.tickets;
            import "google/protobuf/timestamp.proto";
            import "google/protobuf/wrappers.proto";
            import "confluent/meta.proto";
            import public "acme/shop.proto";
            option java_package = "com.acme";
            option (confluent.file_meta) = { doc: "a; file {", params: [ { key: "k" value: "v" } ] };
            message Ticket {
              option (confluent.message_meta).doc = "ticket";
              string id = 1 [json_name = "ID", (acme.rule) = { min: 1 }];
              optional string body = 2;
              Kind kind = 3;
              map<string, int64> counts = 4;
              repeated Note notes = 0x5;
              oneof label { string name = 6; bool flagged = 7; }
              google.protobuf.Timestamp created = 8;
              google.protobuf.StringValue shop_name = 9;
              acme.Shop shop = 10;
              uint64 size = 11; uint32 width = 12; bytes raw = 13; double score = 14;
              reserved 20, 30 to max; reserved "old";
              enum Kind { option allow_alias = true; UNKNOWN = 0; BOOKING = 1 [deprecated = true]; BOOK = 1; NEGATIVE = -1; }
              message Note { string text = 1; message Deep { int32 n = 1; } Deep deep = 2; }
            }
            message Other { string text = 1; }
            service Tickets { rpc Get (Ticket) returns (Other) { option (x) = "y"; } }
            extend google.protobuf.MessageOptions { string doc = 50000; }
            """;

    private static final FileDescriptor TICKETS = ProtobufSchemas.parse(new RegisteredSchema(
            "PROTOBUF",
            FILE,
            Map.of("acme/shop.proto", "syntax='proto3'; package acme; message Shop { string town = 1; }")));

    @Test
    void shouldReadAMessageOfTheFirstType() throws Exception {
        // Given
        byte[] message = encoded(
                TICKETS.findMessageTypeByName("Ticket"),
                """
                id: "t1" body: "book it" kind: BOOKING counts { key: "a" value: -5 } notes { text: "n" deep { n: 3 } }
                flagged: true created { seconds: 1769860800 nanos: 1000 } shop_name { value: "north" } shop { town: "Ulm" }
                size: 18446744073709551615 width: 4294967295 raw: "\\001\\002" score: nan""");

        // When
        JsonNode read = read(TICKETS, FIRST, message);

        // Then
        assertThat(read)
                .hasToString(
                        "{\"id\":\"t1\",\"kind\":\"BOOKING\",\"counts\":{\"a\":-5},"
                                + "\"notes\":[{\"text\":\"n\",\"deep\":{\"n\":3}}],\"flagged\":true,"
                                + "\"created\":\"2026-01-31T12:00:00.000001Z\",\"shop_name\":\"north\",\"shop\":{\"town\":\"Ulm\"},"
                                + "\"size\":18446744073709551615,\"width\":4294967295,\"raw\":\"AQI=\",\"score\":\"NaN\",\"body\":\"book it\"}");
    }

    @Test
    void shouldTellFieldsThatWereNotSetFromDefaults() throws Exception {
        assertThat(read(TICKETS, FIRST, new byte[0]))
                .hasToString("{\"id\":\"\",\"kind\":\"UNKNOWN\",\"size\":0,\"width\":0,\"raw\":\"\",\"score\":0.0}");
    }

    /** The path as Confluent's serializer writes it: count and indexes as zigzag numbers. */
    @Test
    void shouldFollowThePathToTheType() throws Exception {
        // Given
        Descriptor deep = TICKETS.findMessageTypeByName("Ticket")
                .findNestedTypeByName("Note")
                .findNestedTypeByName("Deep");
        byte[] other = encoded(TICKETS.findMessageTypeByName("Other"), "text: \"o\"");

        // Then
        assertThat(read(TICKETS, new byte[] {2, 2}, other)).hasToString("{\"text\":\"o\"}");
        assertThat(read(TICKETS, new byte[] {6, 0, 0, 0}, encoded(deep, "n: 7")))
                .hasToString("{\"n\":7}");
    }

    /** The name as Apicurio's serializer writes it: a message with one string, behind its length. */
    @Test
    void shouldFollowTheNameOfTheType() throws Exception {
        // Given
        byte[] deep = "\6\n\4Deep".getBytes(UTF_8);
        byte[] none = "\6\n\4None".getBytes(UTF_8);

        // Then
        assertThat(read(TICKETS, deep, new byte[] {8, 7})).hasToString("{\"n\":7}");
        assertThatThrownBy(() -> read(TICKETS, none, new byte[] {8, 7})).isInstanceOf(UndecodableException.class);
    }

    @Test
    void shouldReadProto2WithGroupsAndRequiredFields() throws Exception {
        // Given
        FileDescriptor file = ProtobufSchemas.parse(new RegisteredSchema(
                "PROTOBUF",
                """
                message M { required string a = 1; optional group Extra = 2 { optional int32 n = 1; } extensions 100 to 199; }
                """,
                Map.of()));
        Descriptor type = file.findMessageTypeByName("M");

        // Then
        assertThat(read(file, FIRST, encoded(type, "a: \"x\" Extra { n: 1 }")))
                .hasToString("{\"a\":\"x\",\"extra\":{\"n\":1}}");
        assertThatThrownBy(() -> read(file, FIRST, new byte[0])).isInstanceOf(UndecodableException.class);
    }

    @Test
    void shouldKeepAnEnumValueThatTheSchemaDoesNotName() throws Exception {
        assertThat(read(TICKETS, FIRST, new byte[] {0x18, 0x63}).path("kind")).hasToString("99");
    }

    @ParameterizedTest
    @ValueSource(strings = {"02", "0202ff", "04", "0a0541", "00ffffff", "000a02c328", "0013"})
    void shouldRefuseWhatIsNoMessage(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> read(TICKETS, new byte[0], bytes))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(RejectionReason.UNDECODABLE));
    }

    @Test
    void shouldRefuseEveryBeginningOfAMessageOrReadLess() throws Exception {
        // Given
        byte[] whole = encoded(Timestamp.getDescriptor(), "seconds: 1769860800 nanos: 1");

        // Then
        for (int length = 1; length < whole.length; length++) {
            byte[] beginning = Arrays.copyOf(whole, length);
            if (length != 6) {
                assertThatThrownBy(() -> read(Timestamp.getDescriptor().getFile(), FIRST, beginning))
                        .isInstanceOf(UndecodableException.class);
            }
        }
        assertThat(read(Timestamp.getDescriptor().getFile(), FIRST, Arrays.copyOf(whole, 6)))
                .hasToString("\"2026-01-31T12:00:00Z\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "message M {|expected more, got the end",
                "message { }|expected a name, got {",
                "message M { string a = b; }|expected a number, got b",
                "edition = \"2023\";|got an edition",
                "syntax = \"proto4\";|got proto4",
                "import 5;|expected a string, got 5",
                "message M { string a = 1; string a = 2; }|already defined",
                "message M { string a = 0; }|positive",
                "message M { string a = 1; int32 b = 1; }|number 1"
            })
    void shouldSayWhatIsWrongWithAFile(String file, String message) {
        assertThatThrownBy(() -> ProtobufSchemas.parse(new RegisteredSchema("PROTOBUF", file, Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static JsonNode read(FileDescriptor file, byte[] path, byte[] message) throws UndecodableException {
        ByteBuffer body =
                ByteBuffer.allocate(path.length + message.length).put(path).put(message);
        return ProtobufValue.read(file, body.flip());
    }

    private static byte[] encoded(Descriptor type, String text) throws TextFormat.ParseException {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        TextFormat.merge(text, message);
        return message.build().toByteArray();
    }
}
