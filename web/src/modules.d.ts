// Modules that the build makes: see build/listenOnly.ts and build/stageZones.ts.
declare module "livekit-client/listen" {
  export * from "livekit-client";
}
declare module "virtual:stage-zones.css";
