package io.millrace.app.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Makes bad inputs out of good ones. The same seed gives the same inputs, each by its number. */
final class Mutator {

    /** Inputs grow by repetition; beyond this they only cost time. */
    private static final int MAX_BYTES = 1 << 14;

    /** What parsers trip over: limits of number types, nesting, escapes, words of the formats. */
    private static final List<byte[]> TOKENS = Stream.of((""
                            + "null true {} [] [ ] { } \" : , \\\\ \\n \\r\\n \\t \\0 \"\" \"\\s\" ' @ ` "
                            + "&a\\s *a <<: ?\\s -\\s # |\\n >-\\n ---\\n ...\\n !!java.lang.Thread !<tag> %YAML\\s9.9\\n "
                            + "0 9 -1 -0.0 0.1 1e400 1e-400 NaN -Infinity "
                            + "2147483648 -9223372036854775809 18446744073709551616 .. / ../../etc/passwd \\\\..\\\\ "
                            + "\"\\\\ud800\" \\\\udc00 \\\\u0000 "
                            + "\u202E \u2066 \u2028 \u0085 \uFEFF \u0301\u0323 \uD83D\uDE00")
                    .split(" "))
            .map(token -> token.translateEscapes().getBytes(StandardCharsets.UTF_8))
            .toList();

    private final List<byte[]> seeds;
    private final long seed;

    Mutator(List<byte[]> seeds, long seed) {
        this.seeds = seeds;
        this.seed = seed;
    }

    byte[] input(long number) {
        Random random = new Random(seed * 1_000_003 + number);
        byte[] input = any(seeds, random);
        for (int i = 1 << random.nextInt(3); i > 0; i--) {
            input = mutated(input, random);
        }
        return input;
    }

    private byte[] mutated(byte[] input, Random random) {
        int from = random.nextInt(input.length + 1);
        int to = from + random.nextInt(Math.min(input.length - from, 1 << random.nextInt(10)) + 1);
        return switch (random.nextInt(9)) {
            case 0 -> replaced(input, from, to, new byte[0]);
            case 1 -> replaced(input, from, to, any(TOKENS, random));
            case 2 -> replaced(input, from, from, any(TOKENS, random));
            case 3 -> replaced(input, from, from, repeated(Arrays.copyOfRange(input, from, to), random));
            case 4 -> replaced(input, from, from, repeated(any(TOKENS, random), random));
            case 5 -> replaced(input, from, to, slice(any(seeds, random), random));
            case 6 -> replaced(input, from, to, bytes(to - from, random));
            case 7 -> Arrays.copyOf(input, from);
            default -> flipped(input, random);
        };
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] middle) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + middle.length);
        out.write(input, 0, from);
        out.writeBytes(middle);
        out.write(input, to, input.length - to);
        return out.size() <= MAX_BYTES ? out.toByteArray() : Arrays.copyOf(out.toByteArray(), MAX_BYTES);
    }

    private static byte[] repeated(byte[] part, Random random) {
        int times = 1 << random.nextInt(11);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < times && out.size() < MAX_BYTES; i++) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] slice(byte[] whole, Random random) {
        int from = random.nextInt(whole.length + 1);
        return Arrays.copyOfRange(whole, from, from + random.nextInt(whole.length - from + 1));
    }

    private static byte[] bytes(int count, Random random) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] flipped(byte[] input, Random random) {
        byte[] flipped = input.clone();
        if (flipped.length > 0) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private static byte[] any(List<byte[]> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
