package io.millrace.encoder.safetensors;

import static io.millrace.encoder.HandMade.file;
import static io.millrace.encoder.HandMade.shorts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Goldens;
import io.millrace.encoder.OpenModel;
import io.millrace.schemas.text.LogSafe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

class SafetensorsFileTest {

    private static final int RANDOM_FILES = 1_000;

    private static final byte[] VALID = file(
            """
            {"__metadata__":{"format":"pt"},\
            "a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},\
            "empty":{"dtype":"F32","shape":[0],"data_offsets":[8,8]},\
            "b":{"dtype":"F16","shape":[],"data_offsets":[8,10]}}""",
            shorts(0, 0x3f80, 0, 0xc020, 0x3c00));

    private static final String W = "\"w\":" + tensor("F32", "[1]", "[0,4]");

    @TempDir
    private Path directory;

    private record Malformed(String name, byte[] content, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    @Test
    void shouldReadSinglesAndScalarsAndEmptyTensors() throws IOException {
        // When
        try (SafetensorsFile file = SafetensorsFile.open(written(VALID))) {

            // Then
            assertThat(file.entries()).containsOnlyKeys("a", "empty", "b");
            assertThat(floats(file, "a")).containsExactly(1f, -2.5f);
            assertThat(floats(file, "empty")).isEmpty();
            assertThat(floats(file, "b")).containsExactly(1f);
        }
    }

    @Test
    void shouldReadTensorsOfMoreThanOneChunk() throws IOException {
        // Given
        int numbers = 3_000_000;
        ByteBuffer halves = ByteBuffer.allocate(numbers * 2).order(ByteOrder.LITTLE_ENDIAN);
        while (halves.hasRemaining()) {
            halves.putShort((short) (halves.position() / 2 % 0x3c00));
        }
        String header = "{\"w\":" + tensor("BF16", "[" + numbers + "]", "[0," + 2 * numbers + "]") + "}";

        // When
        try (SafetensorsFile file = SafetensorsFile.open(written(file(header, halves.array())))) {
            float[] floats = floats(file, "w");

            // Then
            assertThat(floats).hasSize(numbers);
            for (int i = 0; i < numbers; i += 999) {
                assertThat(floats[i]).isEqualTo(Float.intBitsToFloat(i % 0x3c00 << 16));
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNoMappingOfACheckpointThatIsDeleted() throws IOException {
        // Given
        Goldens.copy("bert", directory);
        Path weights = directory.resolve(EncoderCheckpoint.WEIGHTS_FILE);
        try (OpenModel model = new OpenModel(directory)) {

            // When
            Files.delete(weights);

            // Then
            assertThat(model.weights().byName()).isNotEmpty();
            assertThat(Files.readAllLines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1))
                    .noneMatch(line -> line.contains(weights.toString()));
        }
    }

    @Test
    void shouldReadHalvesExactly() throws IOException {
        // Given
        byte[] content = file(
                "{\"w\":{\"dtype\":\"F16\",\"shape\":[11],\"data_offsets\":[0,22]}}",
                shorts(0x3c00, 0xc000, 0x3555, 0x7bff, 0x0400, 0x03ff, 0x0001, 0x8001, 0x8000, 0x7c00, 0xfc00));

        // When
        try (SafetensorsFile file = SafetensorsFile.open(written(content))) {

            // Then
            assertThat(floats(file, "w"))
                    .containsExactly(
                            1f,
                            -2f,
                            0x1.554p-2f,
                            65504f,
                            0x1p-14f,
                            0x1.ff8p-15f,
                            0x1p-24f,
                            -0x1p-24f,
                            -0f,
                            Float.POSITIVE_INFINITY,
                            Float.NEGATIVE_INFINITY);
        }
    }

    @Test
    void shouldReadBrainFloatsExactly() throws IOException {
        // Given
        byte[] content = file(
                "{\"w\":{\"dtype\":\"BF16\",\"shape\":[6],\"data_offsets\":[0,12]}}",
                shorts(0x3f80, 0xc000, 0x3eab, 0x0001, 0x7f80, 0x7fc0));

        // When
        try (SafetensorsFile file = SafetensorsFile.open(written(content))) {

            // Then
            assertThat(floats(file, "w"))
                    .containsExactly(1f, -2f, 0x1.56p-2f, 0x1p-133f, Float.POSITIVE_INFINITY, Float.NaN);
        }
    }

    @Test
    void shouldWidenEveryHalfByTheDefinition() {
        // Given
        int[] every = new int[1 << 16];
        Arrays.setAll(every, i -> i);
        ByteBuffer stored = ByteBuffer.wrap(shorts(every)).order(ByteOrder.LITTLE_ENDIAN);

        // When
        float[] widened = new float[every.length];
        TensorType.F16.widen(stored, FloatBuffer.wrap(widened));

        // Then
        float[] expected = new float[every.length];
        for (int bits = 0; bits < every.length; bits++) {
            int exponent = bits >> 10 & 0x1f;
            int fraction = bits & 0x3ff;
            float magnitude =
                    exponent == 0 ? Math.scalb((float) fraction, -24) : Math.scalb(1024f + fraction, exponent - 25);
            if (exponent == 0x1f) {
                magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            }
            expected[bits] = Math.copySign(magnitude, (bits & 0x8000) == 0 ? 1f : -1f);
        }
        assertThat(widened).containsExactly(expected);
    }

    static Stream<Malformed> malformed() {
        return Stream.of(
                new Malformed("empty file", new byte[0], "expected a header of 2 to"),
                new Malformed("length cut off", new byte[7], "expected a header of 2 to"),
                new Malformed("no header", file(0, ""), "got 0 bytes"),
                new Malformed("negative header length", file(-1, "{}"), "got -1 bytes"),
                new Malformed("header longer than the file", file(3, "{}"), "got 3 bytes"),
                new Malformed("header beyond the format's limit", file(100_000_001, "{}"), "got 100000001 bytes"),
                new Malformed(
                        "header that would take gigabytes to parse",
                        file("{\"w\":[" + "{},".repeat(1_400_000) + "{}]}"),
                        "expected a header of 2 to 4194304 bytes, got 4200010 bytes"),
                new Malformed(
                        "header of half a million tensors that are none",
                        file("{\"w\":[" + "{},".repeat(1_300_000) + "{}]}"),
                        "w in [F32, F16, BF16, I64]"),
                new Malformed("tensor twice", file("{" + W + "," + W + "}", new byte[4]), "Duplicate field 'w'"),
                new Malformed(
                        "offsets twice",
                        file("{" + W.replace("}", ",\"data_offsets\":[0,4]}") + "}", new byte[4]),
                        "Duplicate field 'data_offsets'"),
                new Malformed(
                        "nothing before the first tensor",
                        file("{\"w\":" + tensor("F32", "[1]", "[4,8]") + "}", new byte[8]),
                        "a tensor at byte 0, got none before w"),
                new Malformed(
                        "nothing between two tensors",
                        file("{" + W + ",\"v\":" + tensor("F32", "[1]", "[8,12]") + "}", new byte[12]),
                        "a tensor at byte 4, got none before v"),
                new Malformed(
                        "bytes of no tensor",
                        file("{" + W + "}", new byte[8]),
                        "4 bytes behind the header, got 8, of which the last belong to no tensor"),
                new Malformed("bytes without tensors", file("{}", new byte[1]), "0 bytes behind the header, got 1"),
                new Malformed(
                        "empty tensor inside of another",
                        file("{" + W + ",\"v\":" + tensor("F32", "[0]", "[2,2]") + "}", new byte[4]),
                        "got an overlap with another tensor"),
                new Malformed(
                        "empty tensor behind the end",
                        file("{" + W + ",\"v\":" + tensor("F32", "[0]", "[5,5]") + "}", new byte[4]),
                        "v at offsets within 0 and 4"),
                new Malformed(
                        "empty tensor with sizes that overflow",
                        file("{\"v\":" + tensor("F32", "[4294967296,4294967296,0]", "[0,0]") + "}"),
                        "v with a size that fits"),
                new Malformed("header beyond all memory", file(Long.MAX_VALUE, "{}"), "got " + Long.MAX_VALUE),
                new Malformed("not JSON", file("model weights"), "expected a JSON header"),
                new Malformed(
                        "not UTF-8", file(4, "", new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe}), "a JSON header"),
                new Malformed("more than one JSON value", file("{} {}"), "expected a JSON header"),
                new Malformed("not an object", file("[1]"), "expected a JSON object as header, got ARRAY"),
                new Malformed("deep JSON", file("{\"w\":" + "[".repeat(100_000)), "expected a JSON header"),
                entry("entry not an object", "7", "w in [F32, F16, BF16, I64]"),
                entry("unknown type", tensor("F8_E4M3", "[4]", "[0,4]"), "got \"F8_E4M3\""),
                entry("no shape", "{\"dtype\":\"F32\",\"data_offsets\":[0,4]}", "w with shape and data_offsets"),
                entry("no offsets", "{\"dtype\":\"F32\",\"shape\":[1]}", "w with shape and data_offsets"),
                entry("shape not a list", tensor("F32", "{\"a\":1}", "[0,4]"), "w with shape and data_offsets"),
                entry("negative size", tensor("F32", "[-1,-1]", "[0,4]"), "w with whole numbers"),
                entry("half a row", tensor("F32", "[0.5,2]", "[0,4]"), "w with whole numbers"),
                entry("size beyond 64 bits", tensor("F32", "[9223372036854775808]", "[0,4]"), "w with whole numbers"),
                entry("sizes that overflow", tensor("F32", "[4294967296,4294967296]", "[0,0]"), "a size that fits"),
                entry("offsets behind the file", tensor("F32", "[3]", "[0,12]"), "w at offsets within 0 and 8"),
                entry("negative offset", tensor("F32", "[2]", "[-4,4]"), "w with whole numbers"),
                entry("offsets back to front", tensor("F32", "[1]", "[4,0]"), "w at offsets within 0 and 8"),
                entry("three offsets", tensor("F32", "[1]", "[0,2,4]"), "w at offsets within 0 and 8"),
                entry("more shape than bytes", tensor("F32", "[2]", "[0,4]"), "w [2] in 8 bytes, got 4 bytes"),
                entry("less shape than bytes", tensor("F16", "[2]", "[0,8]"), "w [2] in 4 bytes, got 8 bytes"),
                entry(
                        "overlap",
                        tensor("F32", "[2]", "[0,8]") + ",\"v\":" + tensor("F32", "[1]", "[4,8]"),
                        "got an overlap with another tensor"));
    }

    private static Malformed entry(String name, String entry, String message) {
        return new Malformed(name, file("{\"w\":" + entry + "}", new byte[8]), message);
    }

    private static String tensor(String type, String shape, String offsets) {
        return "{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void shouldNameWhatIsWrong(Malformed malformed) throws IOException {
        // Given
        Path file = written(malformed.content());

        // When / Then
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(MalformedSafetensorsException.class)
                .hasMessageStartingWith(file + " is not a usable safetensors file: expected ")
                .hasMessageContaining(malformed.message());
    }

    @Test
    void shouldShowLittleOfTheHeaderInMessages() throws IOException {
        // Given
        String name = "w\\n\\u202E" + "w".repeat(10_000);
        String shape = "[" + "1,".repeat(100_000) + "-1]";
        Path file = written(file("{\"" + name + "\":" + tensor("F32", shape, "[0,4]") + "}", new byte[4]));

        // When / Then
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(MalformedSafetensorsException.class)
                .hasMessageContaining("expected w\\u000A\\u202Ewwwwww")
                .satisfies(e -> assertThat(e.getMessage())
                        .hasSizeLessThan(file.toString().length() + 500)
                        .matches(LogSafe::isPlain));
    }

    @Test
    void shouldRefuseAFileThatWasCutOffAnywhere() throws IOException {
        for (int length = 0; length < VALID.length; length++) {
            // Given
            Path file = written(Arrays.copyOf(VALID, length));

            // When / Then
            assertThatThrownBy(() -> SafetensorsFile.open(file))
                    .as("cut off at %d bytes", length)
                    .isInstanceOf(MalformedSafetensorsException.class);
        }
    }

    @Test
    void shouldReadOrRefuseWhateverTheBytesAre() throws IOException {
        for (int seed = 0; seed < RANDOM_FILES; seed++) {
            // Given
            Random random = new Random(seed);
            byte[] content = VALID.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                content[random.nextInt(content.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt() : '0' + random.nextInt(10));
            }
            Path path = written(content);

            // When
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                for (String name : file.entries().keySet()) {
                    file.floats(name);
                }
            } catch (MalformedSafetensorsException e) {

                // Then
                assertThat(e).as("seed %d", seed).hasMessageContaining("expected");
            }
        }
    }

    @Test
    void shouldRefuseATensorThatIsTooLargeForOneBuffer() throws IOException {
        // Given
        long bytes = 1L << 30;
        Path path = written(file("{\"w\":" + tensor("F16", "[" + bytes / 2 + "]", "[0," + bytes + "]") + "}"));
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            sparse.setLength(sparse.length() + bytes);
        }

        // When / Then
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThatThrownBy(() -> file.floats("w"))
                    .isInstanceOf(MalformedSafetensorsException.class)
                    .hasMessageContaining("w of less than 2 GiB in 32-bit floats");
        }
    }

    private Path written(byte[] content) throws IOException {
        return Files.write(directory.resolve("model.safetensors"), content);
    }

    private static float[] floats(SafetensorsFile file, String name) throws IOException {
        float[] values = new float[file.floats(name).asFloatBuffer().remaining()];
        file.floats(name).asFloatBuffer().get(values);
        return values;
    }
}
