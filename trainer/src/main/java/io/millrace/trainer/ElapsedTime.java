package io.millrace.trainer;

import java.time.Duration;

/** Time since an arbitrary point. Unlike the time of day it never jumps, so a clock that is set forward does not look like silence. */
@FunctionalInterface
interface ElapsedTime {

    Duration now();

    /** The time of this process. */
    static ElapsedTime ofSystem() {
        return () -> Duration.ofNanos(System.nanoTime());
    }
}
