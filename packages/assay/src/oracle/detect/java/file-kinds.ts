import { isPipeline } from "../compiled/profile-parts.ts";

const configuration =
  /(?:^|\/)(?:pom\.xml|\.mvn\/.*|mvnw(?:\.cmd)?|[^/]+\.gradle(?:\.kts)?|gradle\.properties|[^/]+\.lockfile|gradle\/.*|gradlew(?:\.bat)?|(?:buildSrc|build-logic)\/.*|junit-platform\.properties)$/;
const testFolders = /(?:^|\/)src\/(?:test|integrationTest|it|testFixtures|functionalTest)\//;
const testNames = /(?:^|\/)(?:Test[A-Z]\w*|\w+(?:Test|Tests|TestCase|IT))\.(?:java|kt|groovy)$/;
const generated = /(?:^|\/)(?:target|build|\.gradle)\//;

/** Tests with their resources, and what the build is made of. */
export function isJavaOracle(path: string): boolean {
  return testFolders.test(path) || testNames.test(path) || configuration.test(path) || isPipeline(path);
}

/** A file that may declare tests. */
export function isJavaTest(path: string): boolean {
  return /(?:^|\/)src\/test\/.*\.(?:java|kt|groovy)$/.test(path) || testNames.test(path);
}

export function isJava(path: string): boolean {
  return path.endsWith(".java") && !generated.test(path);
}
