package io.millrace.trainer;

import java.time.Duration;

/** A clock that moves only when told. */
final class MovableClock implements ElapsedTime {

    private volatile Duration now = Duration.ofDays(1);

    void move(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Duration now() {
        return now;
    }
}
