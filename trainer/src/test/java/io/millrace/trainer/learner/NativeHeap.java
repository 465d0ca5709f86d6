package io.millrace.trainer.learner;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;

import java.lang.management.ManagementFactory;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process has allocated with malloc and not freed, by glibc's own account (2.33 or newer), without what the JVM itself has
 * allocated, by its native memory tracking: its compiler alone takes and frees hundreds of kilobytes.
 */
interface NativeHeap extends Library {

    NativeHeap GLIBC = Native.load("c", NativeHeap.class);

    /** Memory that the JVM allocates for Java code, direct buffers above all, is not its own. */
    Pattern FOR_JAVA = Pattern.compile("- +Other \\(.*\\s+\\(malloc=(\\d+)");

    /** Arenas are not among what the JVM calls malloc, nor is what the tracking adds to each block. */
    Pattern TRACKED = Pattern.compile("(?:malloc|arena|tracking overhead)=(\\d+)");

    /** Largest difference between two readings of the JVM's account that counts as rest. */
    long NOISE_BYTES = 4 << 10;

    /** glibc's name for it. */
    Allocated mallinfo2();

    /** Whether there are both accounts here. */
    static boolean isKnown() {
        try {
            return NativeLibrary.getInstance("c").getFunction("mallinfo2") != null
                    && TRACKED.matcher(tracking()).find();
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    /** In bytes. Reads again while the JVM allocates or frees. */
    static long inUse() {
        while (true) {
            long before = ofTheJvm();
            Allocated now = GLIBC.mallinfo2();
            if (Math.abs(ofTheJvm() - before) < NOISE_BYTES) {
                return now.uordblks + now.hblkhd - before;
            }
        }
    }

    private static long ofTheJvm() {
        String tracking = tracking();
        return sum(TRACKED, tracking) - sum(FOR_JAVA, tracking);
    }

    private static long sum(Pattern bytes, String tracking) {
        return bytes.matcher(tracking)
                .results()
                .map((MatchResult found) -> found.group(1))
                .mapToLong(Long::parseLong)
                .sum();
    }

    /** As {@code jcmd VM.native_memory} prints it. */
    private static String tracking() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmNativeMemory",
                            new Object[] {new String[] {"summary", "scale=B"}},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IllegalStateException("the JVM gives no account of its native memory", e);
        }
    }

    /** glibc's {@code struct mallinfo2}, field by field. */
    @FieldOrder({
        "arena",
        "ordblks",
        "smblks",
        "hblks",
        "hblkhd",
        "usmblks",
        "fsmblks",
        "uordblks",
        "fordblks",
        "keepcost"
    })
    final class Allocated extends Structure implements Structure.ByValue {
        public long arena;
        public long ordblks;
        public long smblks;
        public long hblks;
        /** Bytes in blocks of their own. */
        public long hblkhd;

        public long usmblks;
        public long fsmblks;
        /** Bytes in use elsewhere. */
        public long uordblks;

        public long fordblks;
        public long keepcost;
    }
}
