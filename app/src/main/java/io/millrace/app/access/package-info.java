/** What each command needs on a broker that asks who is there and what he may. */
package io.millrace.app.access;
